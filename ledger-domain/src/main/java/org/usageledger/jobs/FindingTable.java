package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What executions found, in the order they found it. */
final class FindingTable {
    private static final String ADD = """
            insert into job_finding (execution_id, position, finding)
            values (?, ?, ?)
            """;

    private static final String COUNT = """
            select count(*)
            from job_finding
            where execution_id = ?
            """;

    private static final String LIST = """
            select
              position,
              finding
            from job_finding
            where execution_id = ?
            order by number
            """;

    private FindingTable() {}

    static void add(Connection transaction, UUID execution, List<Found> findings) throws SQLException {
        if (findings.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = transaction.prepareStatement(ADD)) {
            for (Found found : findings) {
                statement.setObject(1, execution);
                statement.setLong(2, found.position());
                statement.setString(3, found.what());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    static int count(Connection transaction, UUID execution) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(COUNT)) {
            statement.setObject(1, execution);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    static List<Found> of(Connection connection, UUID execution) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setObject(1, execution);
            List<Found> findings = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    findings.add(new Found(row.getLong("position"), row.getString("finding")));
                }
            }
            return findings;
        }
    }
}
