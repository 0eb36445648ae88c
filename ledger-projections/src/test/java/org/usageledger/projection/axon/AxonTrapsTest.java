package org.usageledger.projection.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.segmenting.Segment;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.HeadWatch;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.projection.FaultyDatabase;
import org.usageledger.projection.Window;
import org.usageledger.running.RunningFold;
import org.usageledger.running.TestEvent;
import org.usageledger.running.TestLedger;

/** What this version of Axon does that would hurt, each with what keeps it from hurting. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class AxonTrapsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SEGMENT = 0;

    private final ClaimTokens tokens = new ClaimTokens(new RunningFold(), "n1", Duration.ofSeconds(5));
    private final Troubles troubles = new Troubles(Clock.systemUTC());

    private <T> T inUnit(Units units, UnitWork<T> work) {
        return units.create()
                .executeWithResult(work::in)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private interface UnitWork<T> {
        CompletableFuture<T> in(ProcessingContext context);
    }

    private Units units(FaultyDatabase database) {
        return new Units(database, TestNode.QUICK.limits(), troubles);
    }

    @Nested
    class A_message_that_no_handler_took {

        @Test
        void does_not_move_the_token_on(TestDatabase database) {
            Units units = units(new FaultyDatabase(database.dataSource()));
            TrackingToken first = inUnit(units, context -> tokens.fetchToken("running", SEGMENT, context));
            assertThat(first).isEqualTo(new GlobalSequenceTrackingToken(0));

            assertThatThrownBy(() -> inUnit(
                            units,
                            context ->
                                    tokens.storeToken(new GlobalSequenceTrackingToken(5), "running", SEGMENT, context)))
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("was to be passed on");
        }
    }

    @Nested
    class A_claim_that_another_node_took {

        @Test
        void stores_nothing(TestDatabase database) {
            Units units = units(new FaultyDatabase(database.dataSource()));
            inUnit(units, context -> tokens.fetchToken("running", SEGMENT, context));
            ClaimTokens same = new ClaimTokens(new RunningFold(), "n1", Duration.ofSeconds(5));
            inUnit(units, context -> same.fetchToken("running", SEGMENT, context));

            assertThatThrownBy(() -> inUnit(units, context -> tokens.extendClaim("running", SEGMENT, context)))
                    .hasMessageContaining("was taken from n1");
            assertThat(tokens.held()).isEmpty();
        }

        private List<Segment> available(Units units, ClaimTokens node) {
            return inUnit(units, context -> node.fetchAvailableSegments("running", context));
        }

        @Test
        void is_judged_by_the_databases_clock(TestDatabase database) {
            Units units = units(new FaultyDatabase(database.dataSource()));
            inUnit(units, context -> tokens.fetchToken("running", SEGMENT, context));
            ClaimTokens patient = new ClaimTokens(new RunningFold(), "n2", Duration.ofMinutes(5));
            ClaimTokens eager = new ClaimTokens(new RunningFold(), "n3", Duration.ZERO);

            assertThat(available(units, patient)).isEmpty();
            assertThatThrownBy(() -> inUnit(units, context -> patient.fetchToken("running", SEGMENT, context)))
                    .hasMessageContaining("another owner");
            assertThat(available(units, eager)).hasSize(1);
        }
    }

    @Nested
    class A_unit_without_a_database {

        @Test
        void ends_with_the_reason_instead_of_never(TestDatabase database) {
            FaultyDatabase line = new FaultyDatabase(database.dataSource());
            line.refuseNew();

            assertThatThrownBy(() -> inUnit(units(line), context -> tokens.fetchToken("running", SEGMENT, context)))
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("the line is cut");
        }
    }

    @Nested
    class Windows {

        @Test
        void are_handed_out_one_at_a_time_and_grow_while_the_last_is_folded(TestDatabase database) {
            TestLedger ledger = new TestLedger(database.dataSource());
            AtomicInteger rung = new AtomicInteger();
            try (HeadWatch heads = new HeadWatch(database.dataSource(), Duration.ofMillis(10))) {
                WindowSource source = new WindowSource(heads, 3);
                MessageStream<EventMessage> stream = source.open(
                        StreamingCondition.conditionFor(
                                new GlobalSequenceTrackingToken(0), EventCriteria.havingAnyTag()),
                        null);
                stream.setCallback(rung::incrementAndGet);
                assertThat(stream.next()).isEmpty();

                ledger.append(TestEvent.begins(ResourceKind.TASK, "t1"));
                Await.untilTrue(PATIENCE, () -> "head " + heads.head(), () -> heads.head() == 1 && rung.get() > 0);
                assertThat(window(stream)).isEqualTo(new Window(0, 1));
                ledger.append(
                        TestEvent.begins(ResourceKind.TASK, "t2"),
                        TestEvent.begins(ResourceKind.TASK, "t3"),
                        TestEvent.begins(ResourceKind.TASK, "t4"),
                        TestEvent.begins(ResourceKind.TASK, "t5"));
                Await.untilTrue(PATIENCE, () -> "head " + heads.head(), () -> heads.head() == 5);
                assertThat(stream.hasNextAvailable()).as("while one is out").isFalse();

                int before = rung.get();
                source.folded(1);
                assertThat(rung.get()).isGreaterThan(before);
                assertThat(window(stream)).isEqualTo(new Window(1, 4));
                stream.close();
                assertThat(source.isOpen()).isFalse();
            }
        }

        private static Object window(MessageStream<EventMessage> stream) {
            return Objects.requireNonNull(stream.next().orElseThrow().message().payload());
        }
    }

    @Nested
    class A_coordinator_that_feeds_nobody {

        @Test
        void is_begun_anew(TestDatabase database) {
            TestLedger ledger = new TestLedger(database.dataSource());
            ledger.append(TestEvent.begins(ResourceKind.TASK, "t1"));
            try (TestNode node = new TestNode(database.dataSource(), "n1").start()) {
                Await.untilTrue(
                        PATIENCE,
                        () -> node.status().toString(),
                        () -> node.status().position() == 1);
                node.runner.starve("running");
                ledger.append(TestEvent.begins(ResourceKind.TASK, "t2"));
                Await.untilTrue(
                        PATIENCE,
                        () -> node.status().toString(),
                        () -> node.status().position() == 2);
            }
        }
    }

    @Nested
    class The_update_checker {

        @Test
        void is_off_before_anything_is_configured(TestDatabase database) {
            System.clearProperty("axoniq.update-checker.disabled");
            try (TestNode node = new TestNode(database.dataSource(), "n1")) {
                assertThat(node.runner).isNotNull();
                assertThat(System.getProperty("axoniq.update-checker.disabled")).isEqualTo("true");
            }
        }
    }
}
