package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.Sender;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

/** Reads what pages leave out of events, for those readers who want it. */
final class EventDetails {
    private static final String DETAILS = """
            select
              e.position,
              e.occurred_at,
              e.state,
              e.resource_kind,
              e.resource_key,
              e.sender_source,
              e.sender_id,
              (
                select max(h.epoch)
                from ledger_epoch h
                where h.fork < e.position
              ) as epoch,
              (select i.id from ledger_identity i) as ledger
            from usage_event e
            where e.position = any (?::bigint[])
            order by e.position
            """;

    private final Connection connection;

    EventDetails(Connection connection) {
        this.connection = connection;
    }

    /** The same events in the same order but for those that were pruned meanwhile. */
    List<DescribedEvent> of(List<LoggedEvent> events) throws SQLException {
        Map<Long, LoggedEvent> asked = new HashMap<>();
        events.forEach(event -> asked.put(event.position(), event));
        Map<Long, DescribedEvent> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(DETAILS)) {
            statement.setArray(
                    1, connection.createArrayOf("bigint", asked.keySet().toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    LoggedEvent event = asked.get(row.getLong("position"));
                    if (event != null) {
                        found.put(event.position(), described(event, row));
                    }
                }
            }
        }
        return events.stream()
                .map(event -> found.get(event.position()))
                .filter(Objects::nonNull)
                .toList();
    }

    private static DescribedEvent described(LoggedEvent event, ResultSet row) throws SQLException {
        return new DescribedEvent(
                event,
                row.getObject("ledger", UUID.class),
                row.getInt("epoch"),
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                row.getString("state"),
                resource(row),
                sender(row));
    }

    private static Optional<Resource> resource(ResultSet row) throws SQLException {
        @Nullable String key = row.getString("resource_key");
        return key == null
                ? Optional.empty()
                : Optional.of(new Resource(ResourceKind.ofCode(row.getInt("resource_kind")), key));
    }

    private static Optional<Sender> sender(ResultSet row) throws SQLException {
        @Nullable String source = row.getString("sender_source");
        @Nullable String id = row.getString("sender_id");
        return source == null || id == null ? Optional.empty() : Optional.of(new Sender(source, id));
    }
}
