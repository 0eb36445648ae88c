package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads the holds on the log. */
final class HoldRows {
    /** What is shown of them: far more than a ledger has projections and consumers. */
    private static final int LIMIT = 1_000;

    private static final String LOWEST = """
            select name, position
            from hold
            order by position, name
            limit ?
            """;

    private HoldRows() {}

    /** The lowest first. */
    static List<Hold> lowest(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOWEST)) {
            statement.setInt(1, LIMIT);
            List<Hold> holds = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    holds.add(new Hold(row.getString("name"), row.getLong("position")));
                }
            }
            return holds;
        }
    }
}
