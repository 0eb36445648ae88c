package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

@OnFreshDatabase
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckingTheLogTest {
    private static final int EVENTS = 3 * Chain.WINDOW + 100;

    private final TestDatabase database;

    CheckingTheLogTest(TestDatabase database) {
        this.database = database;
        List<UsageEvent> events = new ArrayList<>();
        for (int i = 1; i <= EVENTS; i++) {
            events.add(i % 5 == 0 ? Events.service("s" + i, "CREATED") : Events.process("p" + i, "STARTED"));
        }
        try (TestLog log = new TestLog(database)) {
            log.outcomes(events.toArray(UsageEvent[]::new));
        }
    }

    @Test
    void an_untouched_log_has_no_findings() throws SQLException {
        try (Connection connection = database.open()) {
            assertThat(findings(connection)).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            an altered body              | update usage_event set body = convert_to(replace(convert_from(body, 'UTF8'), 'STARTED', 'STOPPED'), 'UTF8') where position = 1031 | 1031 | columns do not say
            an altered column            | update usage_event set memory_mb = 1 where position = 1031            | 1031 | columns do not say
            an altered resource hash     | update usage_event set resource_hash = 0 where position = 1031        | 1031 | columns do not say
            an event taken away          | delete from usage_event where position = 1031                         | 1031 | nothing is on record
            one event fewer than positions | delete from usage_event where position = 1031                       | 3172 | not as many as positions
            an event at the end taken away | delete from usage_event where position = 3172                       | 3172 | nothing is on record
            an identity taken away       | delete from event_identity where position = 1031                      | 1031 | identity on record
            an identity moved            | update event_identity set position = 7 where position = 1031          | 1031 | identity on record
            an altered content           | update event_identity set content = sha256('x') where position = 1031 | 1031 | identity on record
            an altered window            | update log_window set chain = sha256('x') where window_number = 2     | 1025 | hash of the window
            a window taken away          | delete from log_window where window_number = 2                        | 2048 | no hash on record
            an altered head hash         | update ledger_head set chain = sha256('x')                            | 3172 | hash over all events
            a body that is no JSON       | update usage_event set body = 'x' where position = 1031               | 1031 | event's body is
            an identity of no event      | insert into event_identity (identity, position, content) select gen_random_uuid(), 9000, sha256('x')::bytea from ledger_head | 3172 | identities are on record
            a projection beyond the head | update hold set position = 4000                                       | 4000 | beyond the head
            a head set back              | update ledger_head set head = 3000                                    | 3172 | the newest event is here
            """, quoteCharacter = '"')
    void finds(String what, String damage, long position, String says) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate(damage);
            assertThat(findings(connection)).as(what).anySatisfy(finding -> {
                assertThat(finding.position()).isEqualTo(position);
                assertThat(finding.toString()).contains(says);
            });
            connection.rollback();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, EVENTS - 1, EVENTS, EVENTS + 1})
    void counts_no_more_identities_at_a_time_than_it_may_and_all_of_them(int atMost) throws SQLException {
        int rounds = 0;
        LogCheck.Counts counts = new LogCheck.Counts(0, 0, 0);
        try (Connection connection = database.open()) {
            Optional<UUID> from = Optional.of(LogCheck.Identities.start());
            while (from.isPresent()) {
                LogCheck.Identities counted = new LogCheck(connection).identities(from.get(), EVENTS, atMost);
                assertThat(counted.known()).isLessThanOrEqualTo(atMost);
                counts = counts.plus(counted);
                from = counted.next();
                rounds++;
            }
        }
        assertThat(counts).isEqualTo(new LogCheck.Counts(0, EVENTS, 0));
        assertThat(rounds).isEqualTo((EVENTS + atMost - 1) / atMost);
    }

    static List<Finding> findings(Connection connection) throws SQLException {
        LogCheck check = new LogCheck(connection);
        List<Finding> findings = new ArrayList<>();
        long goal = check.goal();
        long events = 0;
        LogCheck.Place place = LogCheck.Place.start();
        while (place.position() < goal) {
            LogCheck.Span span = check.span(place, goal);
            findings.addAll(span.findings());
            events += span.events();
            place = span.end();
        }
        LogCheck.Counts counts = new LogCheck.Counts(events, 0, 0);
        Optional<UUID> from = Optional.of(LogCheck.Identities.start());
        while (from.isPresent()) {
            LogCheck.Identities counted = check.identities(from.get(), goal, 1_000);
            counts = counts.plus(counted);
            from = counted.next();
        }
        findings.addAll(check.whole(goal, counts, check.prunedCount()));
        return findings;
    }
}
