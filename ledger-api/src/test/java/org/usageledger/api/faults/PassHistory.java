package org.usageledger.api.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.usageledger.postgres.testing.TestDatabase;

/** Every pass of recovery on every node, kept by the database as it is reported: what is served is the last one only. */
final class PassHistory {
    /** Whatever these count is a defect. */
    static final List<String> MUST_BE_ZERO =
            List.of("claimed_without_local", "missing", "listing_bug", "unreadable", "doubt_dropped");

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String TABLE = """
            create table kept_pass (
              number bigint generated always as identity primary key,
              node_id text not null,
              incarnation bigint not null,
              iteration bigint not null,
              outcome text not null,
              details jsonb not null,
              unique (node_id, incarnation, iteration)
            )
            """;

    /** As the table's owner: the role that reports may do nothing but report. */
    private static final String FUNCTION = """
            create function keep_pass() returns trigger
            language plpgsql
            security definer
            set search_path = public, pg_temp
            as $$
            begin
              insert into kept_pass (node_id, incarnation, iteration, outcome, details)
              values (new.node_id, new.incarnation, new.last_iteration, new.last_outcome, new.details)
              on conflict do nothing;
              return null;
            end
            $$
            """;

    private static final String TRIGGER = """
            create trigger keep_pass
            after insert or update on job_status
            for each row
            when (new.task = 'job_recovery' and new.last_iteration is not null)
            execute function keep_pass()
            """;

    private static final String PASSES = """
            select
              node_id,
              incarnation,
              iteration,
              outcome,
              details::text as details
            from kept_pass
            order by number
            """;

    private final TestDatabase database;

    private PassHistory(TestDatabase database) {
        this.database = database;
    }

    /**
     * One pass that was reported.
     *
     * @param details as they are served
     */
    record Pass(String node, long incarnation, long iteration, String outcome, JsonNode details) {
        /** One of the counts of this pass alone. */
        long count(String name) {
            return details.path("last_pass").path(name).asLong(-1);
        }

        /** One of the counts since the process started. */
        long sinceStart(String name) {
            return details.path("since_start").path(name).asLong(-1);
        }

        /** Whether everything that was found is in exactly one other count. */
        boolean addsUp() {
            long sum = 0;
            for (String name : List.of(
                    "started",
                    "recovered",
                    "taken_over",
                    "failed",
                    "skipped",
                    "others",
                    "backoff",
                    "foreign",
                    "unreadable",
                    "deferred")) {
                sum += count(name);
            }
            return count("found") == sum;
        }

        /** What a correct service never reports; empty if nothing of it is here. */
        Optional<String> problem() {
            if (!outcome.equals("success") || !addsUp()) {
                return Optional.of(this + " failed or does not add up");
            }
            return MUST_BE_ZERO.stream()
                    .filter(name -> sinceStart(name) != 0)
                    .findFirst()
                    .map(name -> name + " is " + sinceStart(name) + " in " + this);
        }
    }

    /** Begins to keep what is reported from now on. */
    static PassHistory of(TestDatabase database) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
            statement.execute(FUNCTION);
            statement.execute(TRIGGER);
        }
        return new PassHistory(database);
    }

    /** All of them, in the order in which they were reported. */
    List<Pass> passes() throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement(PASSES);
                ResultSet row = statement.executeQuery()) {
            List<Pass> passes = new ArrayList<>();
            while (row.next()) {
                passes.add(new Pass(
                        row.getString("node_id"),
                        row.getLong("incarnation"),
                        row.getLong("iteration"),
                        row.getString("outcome"),
                        read(row.getString("details"))));
            }
            return passes;
        }
    }

    /** Those of one life of a node. */
    List<Pass> passes(String node, long incarnation) throws SQLException {
        return passes().stream()
                .filter(pass -> pass.node().equals(node) && pass.incarnation() == incarnation)
                .toList();
    }

    /** What is wrong with any of them, in words. */
    List<String> problems() throws SQLException {
        return passes().stream()
                .map(Pass::problem)
                .flatMap(Optional::stream)
                .limit(20)
                .toList();
    }

    private static JsonNode read(String details) {
        try {
            return JSON.readTree(details);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database keeps nothing but JSON here", e);
        }
    }
}
