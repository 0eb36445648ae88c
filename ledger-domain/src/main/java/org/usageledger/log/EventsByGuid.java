package org.usageledger.log;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.EventIdentity;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

/**
 * Finds events by their platform's guid: by identity where the guid is one, and by resource where it is the resource's own, because such
 * an event's identity has its time in it.
 */
final class EventsByGuid {
    private static final String BY_IDENTITY = """
            select
              e.position,
              e.kind,
              e.origin,
              e.effect,
              e.recorded_at,
              e.body
            from unnest(?::uuid[]) as asked (identity)
            join event_identity i on i.identity = asked.identity
            join usage_event e on e.position = i.position
            where e.guid = ?
            and e.position <= ?
            """;

    private static final String BY_RESOURCE = """
            select
              e.position,
              e.kind,
              e.origin,
              e.effect,
              e.recorded_at,
              e.body
            from usage_event e
            where e.resource_hash = any (?::bigint[])
            and e.guid = ?
            and e.resource_key = ?
            and e.position <= ?
            order by e.position desc
            limit ?
            """;

    /** A guid that is its resource's own comes back with every reseed; nobody looks further back than this. */
    private static final int MOST = 100;

    private final Connection connection;

    EventsByGuid(Connection connection) {
        this.connection = connection;
    }

    List<LoggedEvent> find(@Nullable EventKind kind, String guid, long upTo) throws SQLException {
        if (guid.isEmpty()) {
            return List.of();
        }
        List<LoggedEvent> found = new ArrayList<>(byIdentity(guid, upTo));
        found.addAll(byResource(guid, upTo));
        return found.stream()
                .filter(event -> kind == null || event.kind() == kind)
                .sorted(Comparator.comparingLong(LoggedEvent::position).reversed())
                .toList();
    }

    private List<LoggedEvent> byIdentity(String guid, long upTo) throws SQLException {
        Array identities = connection.createArrayOf(
                "uuid",
                Stream.of(EventKind.values())
                        .map(kind -> EventIdentity.ofGuid(kind, guid).value())
                        .toArray(UUID[]::new));
        try (PreparedStatement statement = connection.prepareStatement(BY_IDENTITY)) {
            statement.setArray(1, identities);
            statement.setString(2, guid);
            statement.setLong(3, upTo);
            return events(statement);
        }
    }

    private List<LoggedEvent> byResource(String guid, long upTo) throws SQLException {
        Array hashes = connection.createArrayOf(
                "bigint",
                Stream.of(ResourceKind.values())
                        .map(kind -> new Resource(kind, guid).hash())
                        .toArray(Long[]::new));
        try (PreparedStatement statement = connection.prepareStatement(BY_RESOURCE)) {
            statement.setArray(1, hashes);
            statement.setString(2, guid);
            statement.setString(3, guid);
            statement.setLong(4, upTo);
            statement.setInt(5, MOST);
            return events(statement);
        }
    }

    private static List<LoggedEvent> events(PreparedStatement statement) throws SQLException {
        List<LoggedEvent> events = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                events.add(EventPages.event(row));
            }
        }
        return events;
    }
}
