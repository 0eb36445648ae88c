package org.usageledger.decision.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.axonframework.common.configuration.AxonConfiguration;
import org.axonframework.eventsourcing.configuration.EventSourcingConfigurer;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.EmptyApplicationContext;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.core.unitofwork.SimpleUnitOfWorkFactory;
import org.axonframework.messaging.core.unitofwork.UnitOfWork;
import org.axonframework.messaging.core.unitofwork.transaction.NoTransactionManager;
import org.axonframework.messaging.core.unitofwork.transaction.TransactionManager;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.decision.Answer;
import org.usageledger.decision.BulkDecision;
import org.usageledger.decision.Standing;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Run;
import org.usageledger.log.NewEvent;
import org.usageledger.log.TestLog;
import org.usageledger.log.axon.EventMessages;
import org.usageledger.log.axon.LedgerStorage;
import org.usageledger.log.axon.LedgerTags;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** What this version of Axon does that would hurt those who decide, each with what keeps it from hurting. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class CommandTrapsTest {
    private TestLog log;
    private LedgerStorage storage;

    @BeforeEach
    void open(TestDatabase database) {
        log = new TestLog(database);
        storage = DecisionsSituation.storage(log);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private static EventMessage message(UsageEvent event) {
        return EventMessages.of(NewEvent.ofPlatform(event));
    }

    private <T> T inUnit(Function<ProcessingContext, CompletableFuture<T>> work) {
        UnitOfWork unit = new SimpleUnitOfWorkFactory(EmptyApplicationContext.INSTANCE).create();
        return unit.executeWithResult(work)
                .orTimeout(DecisionsSituation.DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** The event store by itself, wired as the decisions have it. */
    private <T> T withStore(Function<EventStore, T> use) {
        AxonConfiguration configuration = EventSourcingConfigurer.create()
                .registerEventStorageEngine(parts -> storage)
                .registerTagResolver(parts -> new LedgerTags())
                .start();
        try {
            return use.apply(configuration.getComponent(EventStore.class));
        } finally {
            configuration.shutdown();
        }
    }

    @Nested
    class An_append {

        @Test
        void outside_a_unit_of_work_is_called_done_although_it_failed_so_nobody_appends_there() {
            log.outcomes(Events.process("g1", "p1", "STARTED", 256));
            EventMessage conflicting = message(Events.process("g1", "p1", "STARTED", 512));

            withStore(store -> {
                assertThat(store.publish(null, List.of(conflicting))).succeedsWithin(DecisionsSituation.DEADLINE);
                assertThatThrownBy(() -> inUnit(context -> store.publish(context, List.of(conflicting))))
                        .hasMessageContaining("nothing was recorded");
                return log.everything();
            });
            assertThat(log.everything()).hasSize(1);
        }

        @Test
        void of_a_list_is_one_transaction_in_a_unit_of_work() {
            List<EventMessage> messages = List.of(
                    message(Events.process("p1", "STARTED")),
                    message(Events.process("p2", "STARTED")),
                    message(Events.process("p3", "STARTED")));

            withStore(store -> inUnit(context -> store.publish(context, messages)));

            assertThat(log.appender.status().transactions()).isEqualTo(1);
            assertThat(log.everything()).hasSize(3);
        }

        @Test
        void while_the_unit_prepares_its_commit_is_lost_so_handlers_append_before() {
            withStore(store -> inUnit(context -> {
                var early = store.publish(context, List.of(message(Events.process("early", "STARTED"))));
                context.runOnPrepareCommit(late -> {
                    var _ = store.publish(late, List.of(message(Events.process("late", "STARTED"))));
                });
                return early;
            }));
            assertThat(log.everything()).hasSize(1);
            assertThat(log.everything().getFirst().body().toString()).contains("early");

            try (DecisionsSituation at = new DecisionsSituation(log, storage, log.resources)) {
                assertThat(at.decide(at.start("p1"))).isEqualTo(new Answer.Recorded(2));
            }
        }
    }

    @Nested
    class A_loaded_entity {
        private final Standing nothing = Standing.unknown(DecisionsSituation.process("p1"));

        @Test
        void knows_nothing_by_what_is_appended_but_not_recorded() {
            inUnit(context -> {
                assertThat(RunEntity.evolve(nothing, message(Events.process("p1", "STARTED")), context))
                        .isEqualTo(nothing);
                return CompletableFuture.completedFuture(true);
            });
        }

        @Test
        void is_not_changed_by_events_of_another_resource() {
            log.outcomes(Events.process("p1", "STARTED"), Events.process("p2", "STOPPED"));
            Standing standing = inUnit(context -> {
                MessageStream<EventMessage> stream = storage.stream(StreamingCondition.startingFrom(null), context);
                Standing evolved = nothing;
                for (int i = 0; i < 2; i++) {
                    EventMessage message = stream.next().orElseThrow().message();
                    evolved = RunEntity.evolve(evolved, message, context);
                }
                stream.close();
                return CompletableFuture.completedFuture(evolved);
            });

            assertThat(standing.run()).isInstanceOf(Run.Open.class);
            assertThat(standing.newest()).isEqualTo(1);
        }

        @Test
        void leaves_alone_what_is_no_usage_event() {
            inUnit(context -> {
                EventMessage stranger = new GenericEventMessage(
                        message(Events.process("p1", "STARTED")).type(), "a text");
                assertThat(RunEntity.evolve(nothing, stranger, context)).isEqualTo(nothing);
                return CompletableFuture.completedFuture(true);
            });
        }
    }

    @Nested
    class A_unit_of_work {

        @Test
        void has_no_transaction_that_would_be_begun_twice() {
            try (DecisionsSituation at = new DecisionsSituation(log, storage, log.resources)) {
                assertThat(at.decisions.configuration().getOptionalComponent(TransactionManager.class))
                        .get()
                        .isInstanceOf(NoTransactionManager.class);
            }
        }

        @Test
        void that_never_ends_is_given_up_at_the_deadline() {
            Meddling never = new Meddling(storage, () -> {}) {
                @Override
                public CompletableFuture<AppendTransaction<?>> appendEvents(
                        AppendCondition condition,
                        @Nullable ProcessingContext context,
                        List<TaggedEventMessage<?>> events) {
                    return new CompletableFuture<>();
                }
            };
            Duration soon = Duration.ofMillis(200);
            BulkDecision bulk = new BulkDecision(log.resources, log.appender, soon);
            try (AxonDecisions decisions = new AxonDecisions(never, bulk, DecisionsSituation.QUICK, soon);
                    DecisionsSituation at = new DecisionsSituation(log, storage, log.resources)) {
                assertThat(decisions.decide(at.start("p1"), Optional.empty())).isInstanceOf(Answer.InDoubt.class);
            }
        }

        @Test
        void that_is_slow_after_its_commit_does_not_hold_up_the_appender() throws Exception {
            CountDownLatch goOn = new CountDownLatch(1);
            CountDownLatch reached = new CountDownLatch(1);
            Thread slow = Thread.ofVirtual()
                    .start(() -> withStore(store -> inUnit(context -> {
                        context.runOnAfterCommit(after -> {
                            reached.countDown();
                            await(goOn);
                        });
                        return store.publish(context, List.of(message(Events.process("p1", "STARTED"))));
                    })));
            await(reached);
            try {
                assertThat(log.outcomes(Events.process("p2", "STARTED"))).hasSize(1);
            } finally {
                goOn.countDown();
            }
            assertThat(slow.join(DecisionsSituation.DEADLINE)).isTrue();
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(DecisionsSituation.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Nested
    class A_conflict {

        @Test
        void fails_the_unit_of_work_as_a_rejection() {
            log.outcomes(Events.process("p1", "STARTED"));
            withStore(store -> {
                assertThatThrownBy(() -> inUnit(context -> {
                            var nothing = EventCriteria.havingTags(LedgerTags.of(DecisionsSituation.process("p1")));
                            var condition = SourcingCondition.conditionFor(nothing);
                            store.transaction(context)
                                    .source(condition)
                                    .reduce(0, (count, entry) -> count + 1)
                                    .join();
                            log.outcomes(Events.process("p1", "STARTED"));
                            return store.publish(context, List.of(message(Events.process("p1", "STOPPED"))));
                        }))
                        .hasCauseInstanceOf(AppendEventsTransactionRejectedException.class);
                return 0;
            });
            assertThat(log.everything()).hasSize(2);
        }
    }
}
