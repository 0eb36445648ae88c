package org.usageledger.log;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.Body;
import org.usageledger.event.ContentHash;
import org.usageledger.event.EventIdentity;
import org.usageledger.event.Origin;
import org.usageledger.event.Sender;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

/** The task stops kept aside, as the appending transaction reads and writes them. */
final class AsideRows {
    private static final String WAITING = """
            select
              s.identity,
              s.content,
              s.occurred_at,
              s.kind,
              s.format,
              s.origin,
              s.exact,
              s.resource_key,
              s.instances,
              s.memory_mb,
              s.guid,
              s.state,
              s.previous_state,
              s.organization,
              s.space,
              s.app,
              s.body,
              s.sender_source,
              s.sender_id
            from unnest(?::bigint[], ?::text[], ?::integer[]) as asked (hash, key, beginnings)
            cross join lateral (
              select
                w.number,
                w.identity,
                w.content,
                w.occurred_at,
                w.kind,
                w.format,
                w.origin,
                w.exact,
                w.resource_key,
                w.instances,
                w.memory_mb,
                w.guid,
                w.state,
                w.previous_state,
                w.organization,
                w.space,
                w.app,
                w.body,
                w.sender_source,
                w.sender_id
              from suppressed_stop w
              where w.resource_hash = asked.hash
              and w.resource_key = asked.key
              and w.recorded_position is null
              order by w.number
              limit asked.beginnings
            ) s
            order by s.number
            """;

    private static final String KEEP = """
            insert into suppressed_stop (
              identity,
              content,
              reason,
              suppressed_at,
              recorded_position,
              occurred_at,
              kind,
              format,
              origin,
              exact,
              instances,
              memory_mb,
              guid,
              state,
              previous_state,
              resource_kind,
              resource_key,
              resource_hash,
              organization,
              space,
              app,
              body,
              sender_source,
              sender_id
            )
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String RELEASE = """
            update suppressed_stop
            set recorded_position = ?
            where identity = ?
            """;

    private final Connection transaction;

    AsideRows(Connection transaction) {
        this.transaction = transaction;
    }

    /**
     * The oldest stops of these tasks that no beginning has brought into the log yet, oldest first.
     *
     * @param beginnings by task, how many come now: each takes one stop at most, and no more are read under the counter's lock
     */
    Map<Resource, List<NewEvent>> waiting(Map<Resource, Integer> beginnings) throws SQLException {
        Map<Resource, List<NewEvent>> waiting = new HashMap<>();
        if (beginnings.isEmpty()) {
            return waiting;
        }
        List<Resource> tasks = List.copyOf(beginnings.keySet());
        Array hashes = transaction.createArrayOf(
                "bigint", tasks.stream().map(Resource::hash).toArray());
        Array keys = transaction.createArrayOf(
                "text", tasks.stream().map(Resource::key).toArray());
        Array limits = transaction.createArrayOf(
                "integer", tasks.stream().map(beginnings::get).toArray());
        try (PreparedStatement statement = transaction.prepareStatement(WAITING)) {
            statement.setArray(1, hashes);
            statement.setArray(2, keys);
            statement.setArray(3, limits);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    NewEvent stop = stop(row);
                    waiting.computeIfAbsent(stop.resource().orElseThrow(), task -> new ArrayList<>())
                            .add(stop);
                }
            }
        }
        return waiting;
    }

    private static NewEvent stop(ResultSet row) throws SQLException {
        StoredRow columns = new StoredRow(
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                EventKind.ofCode(row.getInt("kind")),
                row.getInt("format"),
                Origin.ofCode(row.getInt("origin")),
                Effect.ENDS,
                row.getBoolean("exact"),
                Optional.of(new Resource(ResourceKind.TASK, row.getString("resource_key"))),
                row.getObject("instances", Integer.class),
                row.getObject("memory_mb", Integer.class),
                row.getString("guid"),
                row.getString("state"),
                row.getString("previous_state"),
                row.getString("organization"),
                row.getString("space"),
                row.getString("app"),
                null,
                Body.owning(row.getBytes("body")));
        return NewEvent.released(
                        new EventIdentity(row.getObject("identity", UUID.class)),
                        ContentHash.stored(row.getBytes("content")),
                        columns)
                .sentBy(sender(row.getString("sender_source"), row.getString("sender_id")));
    }

    private static @Nullable Sender sender(@Nullable String source, @Nullable String id) {
        return source == null || id == null ? null : new Sender(source, id);
    }

    void keep(List<Judgement.Aside> asides, Instant now) throws SQLException {
        if (asides.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = transaction.prepareStatement(KEEP)) {
            for (Judgement.Aside aside : asides) {
                bind(statement, aside, now);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void bind(PreparedStatement statement, Judgement.Aside aside, Instant now) throws SQLException {
        StoredRow row = aside.event().row();
        Resource task = row.resource().orElseThrow();
        Sender sender = aside.event().sender();
        Object[] values = {
            aside.event().identity().value(),
            aside.event().content().bytes(),
            aside.reason().label(),
            time(now),
            aside.recordedAt(),
            time(row.occurredAt()),
            row.kind().code(),
            row.format(),
            row.origin().code(),
            row.exact(),
            row.instances(),
            row.memoryMb(),
            row.guid(),
            row.state(),
            row.previousState(),
            task.kind().code(),
            task.key(),
            task.hash(),
            row.organization(),
            row.space(),
            row.app(),
            row.body().bytes(),
            sender == null ? null : sender.source(),
            sender == null ? null : sender.id()
        };
        for (int i = 0; i < values.length; i++) {
            set(statement, i + 1, values[i]);
        }
    }

    private static void set(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.NULL);
        } else {
            statement.setObject(index, value);
        }
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    void release(List<Judgement.Release> releases) throws SQLException {
        if (releases.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = transaction.prepareStatement(RELEASE)) {
            for (Judgement.Release release : releases) {
                statement.setLong(1, release.position());
                statement.setObject(2, release.identity().value());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
