package org.usageledger.projection.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.HeadWatch;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.projection.FaultyDatabase;
import org.usageledger.projection.ProjectionTable;
import org.usageledger.projection.Window;
import org.usageledger.running.RunningFold;
import org.usageledger.running.TestEvent;
import org.usageledger.running.TestLedger;

/** What this version of Axon does that would hurt, each with what keeps it from hurting. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class AxonTrapsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SEGMENT = 0;

    private final Troubles troubles = new Troubles(Clock.systemUTC());
    private HeadWatch watch;
    private ClaimTokens tokens;

    @BeforeEach
    void open(TestDatabase database) {
        watch = new HeadWatch(database.dataSource(), Duration.ofMillis(10));
        tokens = tokens("n1", Duration.ofSeconds(5));
    }

    @AfterEach
    void close() {
        watch.close();
    }

    private ClaimTokens tokens(String node, Duration timeout) {
        return new ClaimTokens(new RunningFold(), node, timeout, new WindowSource(watch, 500));
    }

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
            ClaimTokens same = tokens("n1", Duration.ofSeconds(5));
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
            ClaimTokens patient = tokens("n2", Duration.ofMinutes(5));
            ClaimTokens eager = tokens("n3", Duration.ZERO);

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

        /** The coordinator keeps the stream where the position claimed is the one up to which it has handed out. */
        @Test
        void go_on_after_a_commit_that_took_place_but_seemed_to_fail(TestDatabase database) throws SQLException {
            TestLedger ledger = new TestLedger(database.dataSource());
            ledger.append(TestEvent.begins(ResourceKind.TASK, "t1"));
            WindowSource source = new WindowSource(watch, 3);
            ClaimTokens claiming = new ClaimTokens(new RunningFold(), "n1", Duration.ofSeconds(5), source);
            Units units = units(new FaultyDatabase(database.dataSource()));
            inUnit(units, context -> claiming.fetchToken("running", SEGMENT, context));
            MessageStream<EventMessage> stream = source.open(
                    StreamingCondition.conditionFor(new GlobalSequenceTrackingToken(0), EventCriteria.havingAnyTag()),
                    null);
            Await.untilTrue(PATIENCE, () -> "head " + watch.head(), () -> watch.head() == 1);
            assertThat(window(stream)).isEqualTo(new Window(0, 1));
            try (Connection connection = database.open()) {
                ProjectionTable.move(connection, claiming.held().orElseThrow(), new Window(0, 1));
            }

            TrackingToken again = inUnit(units, context -> claiming.fetchToken("running", SEGMENT, context));
            assertThat(again).isEqualTo(new GlobalSequenceTrackingToken(1));
            ledger.append(TestEvent.begins(ResourceKind.TASK, "t2"));
            Await.untilTrue(PATIENCE, () -> "head " + watch.head(), () -> watch.head() == 2);
            assertThat(stream.hasNextAvailable()).isTrue();
            assertThat(window(stream)).isEqualTo(new Window(1, 2));
            stream.close();
        }

        @Test
        void that_are_lost_on_their_way_are_noticed(TestDatabase database) {
            new TestLedger(database.dataSource()).append(TestEvent.begins(ResourceKind.TASK, "t1"));
            WindowSource source = new WindowSource(watch, 3);
            MessageStream<EventMessage> stream = source.open(
                    StreamingCondition.conditionFor(new GlobalSequenceTrackingToken(0), EventCriteria.havingAnyTag()),
                    null);
            Await.untilTrue(PATIENCE, () -> "head " + watch.head(), () -> watch.head() == 1);
            assertThat(source.lostWindow(Duration.ZERO)).as("none is out").isFalse();
            assertThat(window(stream)).isEqualTo(new Window(0, 1));
            assertThat(source.lostWindow(Duration.ofHours(1))).as("just now").isFalse();
            assertThat(source.lostWindow(Duration.ZERO)).isTrue();

            source.taken(true);
            assertThat(source.lostWindow(Duration.ZERO)).as("worked on").isFalse();
            source.taken(false);
            assertThat(source.lostWindow(Duration.ZERO)).isTrue();
            source.folded(1);
            assertThat(source.lostWindow(Duration.ZERO)).isFalse();
            stream.close();
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
