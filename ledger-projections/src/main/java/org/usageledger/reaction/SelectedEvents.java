package org.usageledger.reaction;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.usageledger.event.Body;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.projection.Window;

/** The events of a window that a reaction is about. */
final class SelectedEvents {
    private static final String SELECTED = """
            select position, kind, format, state, resource_kind, resource_key, body
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
        void take(Parked event, Subject subject) throws SQLException;
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
                    EventKind kind = EventKind.ofCode(row.getInt("kind"));
                    each.take(
                            new Parked(
                                    row.getLong("position"),
                                    kind,
                                    row.getInt("format"),
                                    Body.owning(row.getBytes("body"))),
                            new Subject(kind, row.getString("state"), resource(row)));
                }
            }
        }
    }

    private static Optional<Resource> resource(ResultSet row) throws SQLException {
        String key = row.getString("resource_key");
        return key == null
                ? Optional.empty()
                : Optional.of(new Resource(ResourceKind.ofCode(row.getInt("resource_kind")), key));
    }
}
