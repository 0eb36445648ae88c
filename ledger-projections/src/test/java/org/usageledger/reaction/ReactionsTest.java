package org.usageledger.reaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.event.Body;
import org.usageledger.event.StoredForm;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.log.AppendRequest;
import org.usageledger.log.AppendResult;
import org.usageledger.log.AppenderLimits;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogAppender;
import org.usageledger.log.NewEvent;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.projection.PositionWatch;
import org.usageledger.projection.Window;
import org.usageledger.projection.axon.ProjectionRunner;
import org.usageledger.reaction.UndeclaredStates.Seen;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class ReactionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private TestDatabase database;
    private HeadWatch heads;
    private LogAppender appender;

    @BeforeEach
    void open(TestDatabase fresh) {
        database = fresh;
        heads = new HeadWatch(fresh.dataSource(), Duration.ofMillis(20));
        appender = new LogAppender(fresh.dataSource(), heads, AppenderLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        appender.close();
        heads.close();
    }

    private static UsageEvent event(String guid, String state) {
        String json = """
                {"guid":"%s","created_at":"2026-01-01T12:00:00Z","state":{"current":"%s","previous":null},\
                "process":{"guid":"p1","type":"web"}}""".formatted(guid, state);
        return new StoredForm()
                .decode(EventKind.APP, StoredForm.FORMAT, Body.owning(json.getBytes(StandardCharsets.UTF_8)));
    }

    private void append(UsageEvent... events) throws Exception {
        List<NewEvent> fresh = new ArrayList<>();
        for (UsageEvent event : events) {
            fresh.add(NewEvent.ofPlatform(event));
        }
        assertThat(appender.append(AppendRequest.of(fresh, AppendRequest.OnConflict.REFUSE_REQUEST))
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(AppendResult.Done.class);
    }

    private void fold(Reaction reaction, long after, long upTo) throws SQLException {
        fold(new Reacting(reaction), after, upTo);
    }

    private void fold(Reacting reacting, long after, long upTo) throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            reacting.fold(connection, 0, new Window(after, upTo));
            connection.commit();
        }
    }

    private List<Seen> seen() {
        return UndeclaredStates.list(database.dataSource());
    }

    @Nested
    class A_state_that_nobody_declared {

        @Test
        void is_counted_as_the_log_goes_on(TestDatabase fresh) throws Exception {
            try (PositionWatch positions = new PositionWatch(fresh.dataSource(), Duration.ofMillis(20));
                    ProjectionRunner runner = new ProjectionRunner(
                            fresh.dataSource(),
                            heads,
                            positions,
                            "n1",
                            List.of(new Reacting(new UndeclaredStates())))) {
                runner.start();
                append(event("e1", "STARTED"), event("e2", "PAUSED"), event("e3", "BUILDPACK_SET"));
                append(event("e4", "PAUSED"), event("e5", "STOPPED"));

                Await.untilTrue(
                        PATIENCE,
                        () -> runner.status().toString(),
                        () -> runner.status().getFirst().position() == 5);
                assertThat(seen()).containsExactly(new Seen(EventKind.APP, "PAUSED", 2, 2, 4));
            }
        }

        @Test
        void has_no_name_of_its_own_beyond_the_most() throws Exception {
            append(event("e1", "A"), event("e2", "B"), event("e3", "C"), event("e4", "A"));
            fold(new UndeclaredStates(1), 0, 4);

            assertThat(seen())
                    .containsExactly(new Seen(EventKind.APP, "", 2, 2, 3), new Seen(EventKind.APP, "A", 2, 1, 4));
        }
    }

    @Nested
    class An_event_that_takes_too_long {
        private final Picky picky = new Picky();
        private final Reacting reacting = new Reacting(picky);

        private void foldInVain(int times) {
            for (int i = 0; i < times; i++) {
                assertThatThrownBy(() -> fold(reacting, 0, 2)).isInstanceOf(SQLException.class);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"57014", "55P03"})
        void is_parked_after_some_attempts(String state) throws Exception {
            picky.unbearable.add("a1");
            picky.trouble = Optional.of(new SQLException("again", state));
            append(event("a1", "A"), event("b1", "B"));
            foldInVain(Reacting.PATIENCE);

            fold(reacting, 0, 2);

            assertThat(picky.taken).containsExactly("b1");
            assertThat(new DeadLetters(database.dataSource(), List.of(picky)).list(picky.name(), 0, 10))
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.cause()).contains("again"));
        }

        @Test
        void is_not_to_blame_for_the_loss_of_the_connection() throws Exception {
            picky.unbearable.add("a1");
            picky.trouble = Optional.of(new SQLException("gone", "08006"));
            append(event("a1", "A"), event("b1", "B"));
            foldInVain(3 * Reacting.PATIENCE);
        }

        @Test
        void is_not_to_blame_where_the_reaction_wraps_what_the_database_says() throws Exception {
            picky.unbearable.add("a1");
            picky.trouble = Optional.of(new IllegalStateException(new SQLException("gone", "08006")));
            append(event("a1", "A"), event("b1", "B"));
            foldInVain(1);
        }
    }

    @Nested
    class An_event_that_cannot_be_read {

        @Test
        void keeps_those_of_its_sequence_behind_it() throws Exception {
            Picky picky = new Picky();
            append(event("a1", "A"), event("b1", "B"), event("a2", "A"));
            try (Connection connection = database.open();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("update usage_event set body = 'x' where position = 1");
            }
            fold(picky, 0, 3);

            assertThat(picky.taken).containsExactly("b1");
            assertThat(new DeadLetters(database.dataSource(), List.of(picky)).list(picky.name(), 0, 10))
                    .extracting(DeadLetter::position)
                    .containsExactly(1L, 3L);
        }
    }

    @Nested
    class A_letter_of_a_state_without_a_name {

        @Test
        void is_taken_although_another_such_state_came_later() throws Exception {
            Picky picky = new Picky(1);
            picky.unbearable.add("b1");
            append(event("a1", "A"), event("b1", "B"), event("c1", "C"));
            fold(picky, 0, 3);
            picky.unbearable.clear();

            assertThat(new DeadLetters(database.dataSource(), List.of(picky)).retry(picky.name(), 2))
                    .contains(new DeadLetters.Retried(1, Optional.empty()));
            assertThat(seen())
                    .containsExactly(new Seen(EventKind.APP, "", 2, 2, 3), new Seen(EventKind.APP, "A", 1, 1, 1));
        }
    }

    @Nested
    class An_event_that_cannot_be_borne {
        private final Picky picky = new Picky();
        private DeadLetters letters;

        @BeforeEach
        void park() throws Exception {
            letters = new DeadLetters(database.dataSource(), List.of(picky));
            picky.unbearable.add("a1");
            append(event("a1", "A"), event("b1", "B"), event("a2", "A"), event("a3", "A"));
            fold(picky, 0, 4);
        }

        private List<DeadLetter> list() {
            return letters.list(picky.name(), 0, DeadLetters.MOST_LISTED);
        }

        @Test
        void is_parked_with_what_follows_it_and_the_rest_goes_on() {
            assertThat(picky.taken).containsExactly("b1");
            assertThat(list()).extracting(DeadLetter::position).containsExactly(1L, 3L, 4L);
            assertThat(list()).extracting(DeadLetter::attempts).containsExactly(1, 0, 0);
            assertThat(list().getFirst().cause()).contains("cannot bear a1");
        }

        @Test
        void leaves_nothing_of_the_attempt() {
            assertThat(seen()).containsExactly(new Seen(EventKind.APP, "B", 1, 2, 2));
        }

        @Test
        void is_taken_again_with_those_behind_it_in_their_order() {
            picky.unbearable.clear();

            assertThat(letters.retry(picky.name(), 3)).contains(new DeadLetters.Retried(3, Optional.empty()));
            assertThat(picky.taken).containsExactly("b1", "a1", "a2", "a3");
            assertThat(list()).isEmpty();
            assertThat(seen()).contains(new Seen(EventKind.APP, "A", 3, 1, 4));
        }

        @Test
        void stays_first_while_it_is_not_borne() throws Exception {
            assertThat(letters.retry(picky.name(), 1))
                    .hasValueSatisfying(retried -> assertThat(retried.cause()).isPresent());
            append(event("a4", "A"));
            fold(picky, 4, 5);

            assertThat(list()).extracting(DeadLetter::attempts).containsExactly(2, 0, 0, 0);
            assertThat(picky.taken).containsExactly("b1");
        }

        @Test
        void may_be_given_up() {
            assertThat(letters.evict(picky.name(), 1)).isTrue();
            assertThat(letters.evict(picky.name(), 1)).isFalse();

            assertThat(letters.retry(picky.name(), 3)).contains(new DeadLetters.Retried(2, Optional.empty()));
            assertThat(picky.taken).containsExactly("b1", "a2", "a3");
        }

        @Test
        void is_not_parked_where_too_many_are() {
            Reacting full = new Reacting(picky, 3);

            assertThatThrownBy(() -> {
                        append(event("a4", "A"));
                        fold(full, 4, 5);
                    })
                    .hasMessageContaining("has parked 3 events");
            assertThat(list()).hasSize(3);
        }
    }
}
