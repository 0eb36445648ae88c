package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.Body;
import org.usageledger.event.ContentHash;
import org.usageledger.event.EventIdentity;
import org.usageledger.event.Exactness;
import org.usageledger.event.Origin;
import org.usageledger.event.StoredForm;
import org.usageledger.event.UnreadableBody;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

/** Reads events for a check: each body decoded again and compared with the columns and the identity that were stored beside it. */
final class CheckedRows {
    private static final String EVENTS = """
            select
              position,
              occurred_at,
              kind,
              format,
              origin,
              effect,
              exact,
              resource_kind,
              instances,
              memory_mb,
              resource_hash,
              guid,
              state,
              resource_key,
              organization,
              space,
              app,
              plan,
              body
            from usage_event
            where position > ?
            and position <= ?
            order by position
            """;

    private static final String IDENTITIES = """
            select
              i.identity,
              i.position,
              i.content
            from unnest(?::uuid[]) as asked (identity)
            join event_identity i on i.identity = asked.identity
            """;

    private static final String REMEMBERED = """
            select
              identity,
              position,
              content
            from event_identity
            where position > ?
            and position <= ?
            """;

    private static final int FETCH_ROWS = 200;

    private final Connection connection;
    private final StoredForm storedForm;
    private long count;

    CheckedRows(Connection connection, StoredForm storedForm) {
        this.connection = connection;
        this.storedForm = storedForm;
    }

    /** In position order. Where the log was pruned, the identities stand for the events. */
    List<CheckedRow> read(long after, long upTo, long prunedUpTo, List<Finding> findings) throws SQLException {
        List<CheckedRow> rows = events(after, upTo, findings);
        compareIdentities(rows, findings);
        if (rows.size() < upTo - after && after < prunedUpTo) {
            addRemembered(rows, after, Math.min(upTo, prunedUpTo));
        }
        return rows;
    }

    /** How many events were read, legible or not. */
    long count() {
        return count;
    }

    private List<CheckedRow> events(long after, long upTo, List<Finding> findings) throws SQLException {
        List<CheckedRow> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
            // In a transaction only so many bodies are in memory at a time.
            statement.setFetchSize(FETCH_ROWS);
            statement.setLong(1, after);
            statement.setLong(2, upTo);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    count++;
                    check(row, findings).ifPresent(rows::add);
                }
            }
        }
        return rows;
    }

    private Optional<CheckedRow> check(ResultSet row, List<Finding> findings) throws SQLException {
        long position = row.getLong("position");
        EventKind kind = EventKind.ofCode(row.getInt("kind"));
        Origin origin = Origin.ofCode(row.getInt("origin"));
        Body body = Body.owning(row.getBytes("body"));
        try {
            UsageEvent event = storedForm.decode(kind, row.getInt("format"), body);
            StoredRow expected = StoredRow.of(event, origin, Exactness.of(event, origin));
            StoredRow found = stored(row, expected, body);
            boolean agrees = found.equals(expected) || found.equals(rounded(expected, event));
            if (!agrees || !hashAgrees(row, expected)) {
                findings.add(new Finding(position, "the event's columns do not say what its body says"));
            }
            return Optional.of(new CheckedRow(position, EventIdentity.of(event), ContentHash.of(event)));
        } catch (UnreadableBody e) {
            findings.add(new Finding(position, "the event's body is " + e.getMessage()));
            return Optional.empty();
        }
    }

    private static boolean hashAgrees(ResultSet row, StoredRow expected) throws SQLException {
        Long stored = row.getObject("resource_hash", Long.class);
        return expected.resource().map(Resource::hash).equals(Optional.ofNullable(stored));
    }

    /** Task stops that were kept aside for a while may stand with their time rounded to microseconds; everything else is cut off there. */
    private static StoredRow rounded(StoredRow row, UsageEvent event) {
        boolean taskStop = row.effect() == Effect.ENDS
                && row.resource()
                        .filter(task -> task.kind() == ResourceKind.TASK)
                        .isPresent();
        return taskStop ? row.at(event.occurredAt().plusNanos(500).truncatedTo(ChronoUnit.MICROS)) : row;
    }

    private static StoredRow stored(ResultSet row, StoredRow expected, Body body) throws SQLException {
        return new StoredRow(
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                EventKind.ofCode(row.getInt("kind")),
                row.getInt("format"),
                Origin.ofCode(row.getInt("origin")),
                Effect.ofCode(row.getInt("effect")),
                row.getBoolean("exact"),
                resource(row.getObject("resource_kind", Integer.class), row.getString("resource_key")),
                row.getObject("instances", Integer.class),
                row.getObject("memory_mb", Integer.class),
                row.getString("guid"),
                row.getString("state"),
                expected.previousState(),
                row.getString("organization"),
                row.getString("space"),
                row.getString("app"),
                row.getString("plan"),
                body);
    }

    private static Optional<Resource> resource(@Nullable Integer kind, @Nullable String key) {
        return kind == null || key == null
                ? Optional.empty()
                : Optional.of(new Resource(ResourceKind.ofCode(kind), key));
    }

    private void compareIdentities(List<CheckedRow> rows, List<Finding> findings) throws SQLException {
        Map<EventIdentity, CheckedRow> onRecord = new HashMap<>();
        Object[] identities = rows.stream().map(row -> row.identity().value()).toArray();
        try (PreparedStatement statement = connection.prepareStatement(IDENTITIES)) {
            statement.setArray(1, connection.createArrayOf("uuid", identities));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    CheckedRow remembered = remembered(row);
                    onRecord.put(remembered.identity(), remembered);
                }
            }
        }
        for (CheckedRow row : rows) {
            if (!row.equals(onRecord.get(row.identity()))) {
                findings.add(new Finding(
                        row.position(), "the identity on record is missing, or has another position or content"));
            }
        }
    }

    private void addRemembered(List<CheckedRow> rows, long after, long upTo) throws SQLException {
        Set<Long> present = new HashSet<>();
        rows.forEach(row -> present.add(row.position()));
        try (PreparedStatement statement = connection.prepareStatement(REMEMBERED)) {
            statement.setLong(1, after);
            statement.setLong(2, upTo);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    CheckedRow remembered = remembered(row);
                    if (!present.contains(remembered.position())) {
                        rows.add(remembered);
                    }
                }
            }
        }
        rows.sort(Comparator.comparingLong(CheckedRow::position));
    }

    private static CheckedRow remembered(ResultSet row) throws SQLException {
        return new CheckedRow(
                row.getLong("position"),
                new EventIdentity(row.getObject("identity", UUID.class)),
                ContentHash.stored(row.getBytes("content")));
    }
}
