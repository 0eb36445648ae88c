package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.Run;

/** Asks for the traces of many resources in one statement, each by a handful of looks into the index. */
final class TraceQuery {
    private static final String TRACES = """
            select
              asked.number,
              e.position,
              e.occurred_at,
              e.effect,
              e.exact,
              e.state
            from unnest(?::integer[], ?::bigint[], ?::smallint[], ?::text[]) as asked (number, hash, kind, key)
            cross join lateral (
              select coalesce(max(l.position), 0) as position
              from (
                select l.position
                from usage_event l
                where l.resource_hash = asked.hash
                and l.resource_kind = asked.kind
                and l.resource_key = asked.key
                and l.position <= ?
                and l.effect = 3
                order by l.position desc
                limit 1
              ) as l
            ) as ended
            cross join lateral (
              select min(f.position) as position
              from (
                select f.position
                from usage_event f
                where f.resource_hash = asked.hash
                and f.resource_kind = asked.kind
                and f.resource_key = asked.key
                and f.position <= ?
                and f.effect in (1, 2)
                order by f.position
                limit 1
              ) as f
              union all
              select ended.position
              union all
              select min(o.position)
              from (
                select o.position
                from usage_event o
                where o.resource_hash = asked.hash
                and o.resource_kind = asked.kind
                and o.resource_key = asked.key
                and o.position > ended.position
                and o.position <= ?
                and o.effect in (1, 2)
                order by o.position
                limit 1
              ) as o
              union all
              select max(s.position)
              from (
                select s.position
                from usage_event s
                where s.resource_hash = asked.hash
                and s.resource_kind = asked.kind
                and s.resource_key = asked.key
                and s.position > ended.position
                and s.position <= ?
                and s.effect = 1
                order by s.position desc
                limit 1
              ) as s
              union all
              select max(n.position)
              from (
                select n.position
                from usage_event n
                where n.resource_hash = asked.hash
                and n.resource_kind = asked.kind
                and n.resource_key = asked.key
                and n.position > ended.position
                and n.position <= ?
                order by n.position desc
                limit 1
              ) as n
            ) as telling
            join usage_event e on e.position = telling.position
            order by asked.number, e.position
            """;

    private final Connection connection;

    TraceQuery(Connection connection) {
        this.connection = connection;
    }

    /** One list for each that is asked about, in their order. */
    List<List<Trace.Step>> read(List<Resource> asked, long upTo) throws SQLException {
        List<List<Trace.Step>> steps = new ArrayList<>();
        asked.forEach(resource -> steps.add(new ArrayList<>()));
        try (PreparedStatement statement = connection.prepareStatement(TRACES)) {
            ask(statement, asked);
            for (int bound = 5; bound <= 9; bound++) {
                statement.setLong(bound, upTo);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<Trace.Step> ofOne = steps.get(row.getInt("number"));
                    Trace.Step step = step(row);
                    // One event can be several of what is asked for.
                    if (ofOne.isEmpty()
                            || ofOne.getLast().step().position() < step.step().position()) {
                        ofOne.add(step);
                    }
                }
            }
        }
        return steps;
    }

    private void ask(PreparedStatement statement, List<Resource> asked) throws SQLException {
        Object[] numbers = new Object[asked.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        statement.setArray(1, connection.createArrayOf("integer", numbers));
        statement.setArray(
                2,
                connection.createArrayOf(
                        "bigint", asked.stream().map(Resource::hash).toArray()));
        statement.setArray(
                3,
                connection.createArrayOf(
                        "smallint",
                        asked.stream().map(resource -> resource.kind().code()).toArray()));
        statement.setArray(
                4,
                connection.createArrayOf(
                        "text", asked.stream().map(Resource::key).toArray()));
    }

    private static Trace.Step step(ResultSet row) throws SQLException {
        return new Trace.Step(
                new Run.Step(
                        row.getLong("position"),
                        row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                        Effect.ofCode(row.getInt("effect")),
                        row.getBoolean("exact")),
                row.getString("state"));
    }
}
