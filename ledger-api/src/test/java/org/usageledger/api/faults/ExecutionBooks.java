package org.usageledger.api.faults;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.usageledger.postgres.testing.TestDatabase;

/** What is on record of executions, read past the service and held against what must be true of it whatever was killed when. */
final class ExecutionBooks {
    private static final String ROWS = """
            select
              request_key,
              execution_id,
              claim_epoch
            from job_execution
            order by request_key
            """;

    private static final String HELD = """
            select e.execution_id
            from job_execution e
            where e.state in ('running', 'unwinding')
              and e.owner_node = ?
              and e.owner_incarnation = ?
            order by e.execution_id
            """;

    private static final String INCARNATION = """
            select incarnation
            from ledger_node
            where node_id = ?
            """;

    private static final String CONNECTIONS = """
            select count(*) as connections
            from pg_stat_activity
            where application_name = ?
            """;

    private static final String NOT_DONE = """
            select e.kind || ' ' || e.execution_id || ' is ' || e.state || coalesce(': ' || e.last_error, '') as what
            from job_execution e
            where e.state <> 'done'
            order by e.execution_id
            """;

    private static final String ATTEMPTS_FAILED = """
            select e.kind || ' ' || e.execution_id || ' failed ' || e.failures || ' times: ' || e.last_error as what
            from job_execution e
            where e.failures > 0
            order by e.execution_id
            """;

    private static final String CLAIMS = """
            select e.execution_id || ' has epoch ' || e.claim_epoch || ' and ' || count(c.claim_epoch) || ' claims' as what
            from job_execution e
            left join job_claim c on c.execution_id = e.execution_id
            group by e.execution_id
            having array_agg(c.claim_epoch order by c.claim_epoch) is distinct from array(select generate_series(1, e.claim_epoch))
            order by e.execution_id
            """;

    private static final String CHUNKS = """
            select s.execution_id || ' has in step ' || s.step || ' the chunks ' || array_agg(s.chunk order by s.chunk)::text as what
            from job_step_event s
            group by
              s.execution_id,
              s.step
            having array_agg(s.chunk order by s.chunk) <> array(select generate_series(1, max(s.chunk)))
            order by s.execution_id
            """;

    private static final String COUNTED = """
            select e.execution_id || ' counts ' || e.chunks || ' chunks and has ' || count(s.chunk) as what
            from job_execution e
            left join job_step_event s on s.execution_id = e.execution_id
            group by e.execution_id
            having e.chunks <> count(s.chunk)
            order by e.execution_id
            """;

    private static final String COUNTED_OUT = """
            select e.execution_id || ' did ' || coalesce(array_agg(s.data ->> 'position' order by s.chunk)::text, 'nothing') as what
            from job_execution e
            left join job_step_event s on s.execution_id = e.execution_id
            where e.kind = 'demo'
            group by e.execution_id
            having array_agg((s.data ->> 'position')::integer order by s.chunk)
              is distinct from array(select generate_series(1, (e.params ->> 'steps')::integer))
            order by e.execution_id
            """;

    private static final String OVERTAKEN = """
            select s.execution_id || ' chunk ' || s.chunk || ' of epoch ' || s.claim_epoch || ' after the claim of the next' as what
            from job_step_event s
            join job_claim c on c.execution_id = s.execution_id and c.claim_epoch = s.claim_epoch + 1
            where s.at > c.claimed_at
            order by s.execution_id
            """;

    private static final String STRANGERS = """
            select s.execution_id || ' chunk ' || s.chunk || ' is by ' || s.node_id || ', its claim by ' || c.node_id as what
            from job_step_event s
            join job_claim c on c.execution_id = s.execution_id and c.claim_epoch = s.claim_epoch
            where s.node_id <> c.node_id
            order by s.execution_id
            """;

    private static final String FINDINGS = """
            select f.execution_id || ' reports ' || f.finding as what
            from job_finding f
            order by f.execution_id
            """;

    private static final Map<String, String> WRONG = wrong();

    private final TestDatabase database;

    ExecutionBooks(TestDatabase database) {
        this.database = database;
    }

    /** An execution as it was asked for, and how often it was claimed. */
    record Row(String requestKey, UUID execution, long claims) {}

    private static Map<String, String> wrong() {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("not done", NOT_DONE);
        wrong.put("with failed attempts", ATTEMPTS_FAILED);
        wrong.put("with claims that are not one an epoch", CLAIMS);
        wrong.put("with chunks that are not dense", CHUNKS);
        wrong.put("whose chunks are not those counted with them", COUNTED);
        wrong.put("that did not each thing once", COUNTED_OUT);
        wrong.put("with work done under a claim that was superseded", OVERTAKEN);
        wrong.put("with work of a node that had not claimed them", STRANGERS);
        wrong.put("with findings", FINDINGS);
        return wrong;
    }

    /** All executions by the key that they were asked for with. */
    Map<String, Row> rows() throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement(ROWS);
                ResultSet row = statement.executeQuery()) {
            Map<String, Row> rows = new HashMap<>();
            while (row.next()) {
                String key = row.getString("request_key");
                rows.put(key, new Row(key, row.getObject("execution_id", UUID.class), row.getLong("claim_epoch")));
            }
            return rows;
        }
    }

    /** What one life of a node has. */
    Set<UUID> heldBy(String node, long incarnation) throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement(HELD)) {
            statement.setString(1, node);
            statement.setLong(2, incarnation);
            try (ResultSet row = statement.executeQuery()) {
                Set<UUID> held = new HashSet<>();
                while (row.next()) {
                    held.add(row.getObject("execution_id", UUID.class));
                }
                return held;
            }
        }
    }

    /** Which life of a node is its last. */
    long incarnation(String node) throws SQLException {
        return number(INCARNATION, node);
    }

    /** Connections that a node has: a killed one's last statements are through when there are none. */
    long connections(String node) throws SQLException {
        return number(CONNECTIONS, node);
    }

    private long number(String sql, String parameter) throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, parameter);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** What is wrong when everything should be at its end, in words and with examples; empty if nothing is. */
    List<String> problems() throws SQLException {
        List<String> problems = new ArrayList<>();
        try (Connection connection = database.open()) {
            for (Map.Entry<String, String> one : WRONG.entrySet()) {
                List<String> found = texts(connection, one.getValue());
                if (!found.isEmpty()) {
                    problems.add(found.size() + " executions " + one.getKey() + ": "
                            + found.stream().limit(10).toList());
                }
            }
        }
        return problems;
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            List<String> texts = new ArrayList<>();
            while (row.next()) {
                texts.add(row.getString("what"));
            }
            return texts;
        }
    }
}
