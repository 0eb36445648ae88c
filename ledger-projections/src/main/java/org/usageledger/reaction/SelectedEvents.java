package org.usageledger.reaction;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.usageledger.event.Body;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.projection.Window;

/** The events of a window that a reaction is about. */
final class SelectedEvents {
    private static final String SELECTED = """
            select position, kind, format, body
            from usage_event
            where position > ?
              and position <= ?
              and effect = any (?::smallint[])
              and state <> all (?::text[])
            order by position
            """;

    /** Rows in memory at a time. */
    private static final int FETCH_ROWS = 200;

    private SelectedEvents() {}

    @FunctionalInterface
    interface Each {
        void take(Parked event) throws SQLException;
    }

    static void forEach(Connection transaction, Selection selection, Window window, Each each) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(SELECTED)) {
            statement.setFetchSize(FETCH_ROWS);
            statement.setLong(1, window.after());
            statement.setLong(2, window.upTo());
            statement.setArray(
                    3,
                    transaction.createArrayOf(
                            "smallint",
                            selection.effects().stream().map(Effect::code).toArray()));
            statement.setArray(
                    4, transaction.createArrayOf("text", selection.except().toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    each.take(new Parked(
                            row.getLong("position"),
                            EventKind.ofCode(row.getInt("kind")),
                            row.getInt("format"),
                            Body.owning(row.getBytes("body"))));
                }
            }
        }
    }
}
