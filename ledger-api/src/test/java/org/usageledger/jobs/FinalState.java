package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * All that an execution left in the database, row by row: every table there is, but for who did it and when. Two executions that were carried
 * out alike leave the same.
 *
 * @param tables their rows as JSON, in order, by the table's name
 * @param steps what was recorded of each step, in order, but for those that only look how far it is
 */
record FinalState(SortedMap<String, List<String>> tables, SortedMap<Integer, List<String>> steps) {
    private static final String TABLES = """
            select c.relname
            from pg_class c
            where c.relnamespace = current_schema()::regnamespace
              and c.relkind in ('r', 'p')
              and not c.relispartition
            order by c.relname
            """;

    private static final String ROWS = """
            select format(
              'select (to_jsonb(t) - %L::text[])::text as line from %I t order by 1', ?::text[], ?::text) as rows_of_it
            """;

    private static final String STEPS = """
            select
              step,
              chunk,
              data::text as recorded
            from job_step_event
            where execution_id = ?
            order by
              step,
              chunk
            """;

    /** Who did it, how often it was tried and when. */
    private static final Set<String> LEFT_OUT =
            Set.of("job_claim", "job_status", "job_step_event", "ledger_node", "flyway_schema_history");

    private static final Map<String, String> COLUMNS_LEFT_OUT = Map.of(
            "job_execution",
            "{execution_id,scope_key,claim_epoch,chunks,created_at,last_progress_at,finished_at,next_attempt_at,failures,last_error,last_error_kind}",
            "hold",
            "{updated_at}",
            "job_finding",
            "{number,execution_id}",
            "noted_fold",
            "{number}");

    /**
     * What is there now.
     *
     * @param looking steps that every attempt goes through anew, and records as it finds them
     */
    static FinalState read(DataSource database, UUID execution, Set<Integer> looking) throws SQLException {
        try (Connection connection = database.getConnection()) {
            SortedMap<String, List<String>> tables = new TreeMap<>();
            for (String table : lines(connection, TABLES)) {
                if (!LEFT_OUT.contains(table)) {
                    tables.put(table, rows(connection, table));
                }
            }
            return new FinalState(tables, steps(connection, execution, looking));
        }
    }

    private static List<String> rows(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
            statement.setString(1, COLUMNS_LEFT_OUT.getOrDefault(table, "{}"));
            statement.setString(2, table);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return lines(connection, row.getString("rows_of_it"));
            }
        }
    }

    private static List<String> lines(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            List<String> lines = new ArrayList<>();
            while (row.next()) {
                lines.add(row.getString(1));
            }
            return lines;
        }
    }

    private static SortedMap<Integer, List<String>> steps(Connection connection, UUID execution, Set<Integer> looking)
            throws SQLException {
        SortedMap<Integer, List<String>> steps = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(STEPS)) {
            statement.setObject(1, execution);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int step = row.getInt("step");
                    if (!looking.contains(step)) {
                        steps.computeIfAbsent(step, _ -> new ArrayList<>())
                                .add(row.getInt("chunk") + " " + row.getString("recorded"));
                    }
                }
            }
        }
        return steps;
    }
}
