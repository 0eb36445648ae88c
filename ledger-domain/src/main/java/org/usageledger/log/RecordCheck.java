package org.usageledger.log;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Finds out whether a transaction whose commit was not answered has taken place. One event alone proves nothing: where the commit was
 * lost, another node may have recorded the same event at the same position with other company. So every row is asked for, with its
 * position and content, and every stop kept aside: if all are there, every answer of the judgement is true, whoever wrote them.
 */
final class RecordCheck {
    private static final String ROWS = """
            select count(*)
            from unnest(?::uuid[], ?::bigint[], ?::bytea[]) as asked (identity, position, content)
            join event_identity i on i.identity = asked.identity
              and i.position = asked.position
              and i.content = asked.content
            """;

    private static final String ASIDES = """
            select count(*)
            from unnest(?::uuid[], ?::bytea[]) as asked (identity, content)
            join suppressed_stop s on s.identity = asked.identity
              and s.content = asked.content
            """;

    private final Connection connection;

    RecordCheck(Connection connection) {
        this.connection = connection;
    }

    boolean holds(Judgement judgement) throws SQLException {
        return rows(judgement.rows()) && asides(judgement.asides());
    }

    private boolean rows(List<Judgement.Row> rows) throws SQLException {
        Array identities = array(
                "uuid", rows.stream().map(row -> row.event().identity().value()).toArray());
        Array positions =
                array("bigint", rows.stream().map(Judgement.Row::position).toArray());
        Array contents = array(
                "bytea", rows.stream().map(row -> row.event().content().bytes()).toArray(byte[][]::new));
        return count(ROWS, identities, positions, contents) == rows.size();
    }

    private boolean asides(List<Judgement.Aside> asides) throws SQLException {
        Array identities = array(
                "uuid",
                asides.stream().map(aside -> aside.event().identity().value()).toArray());
        Array contents = array(
                "bytea",
                asides.stream().map(aside -> aside.event().content().bytes()).toArray(byte[][]::new));
        return count(ASIDES, identities, contents) == asides.size();
    }

    private Array array(String type, Object[] values) throws SQLException {
        return connection.createArrayOf(type, values);
    }

    private long count(String query, Array... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                statement.setArray(i + 1, values[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
