package org.usageledger.running;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.Finding;
import org.usageledger.projection.ReadModel;

/** Compares two copies of what runs, a range of resources at a time. */
final class RunningDifferences {
    // Where the first of the two slots ends that has so many rows more.
    private static final String END = """
            with ends as (
              (
                select resource_kind, resource_key
                from running_resource
                where slot = ?
                  and (resource_kind, resource_key) > (?, ?)
                order by resource_kind, resource_key
                offset ?
                limit 1
              )
              union all
              (
                select resource_kind, resource_key
                from running_resource
                where slot = ?
                  and (resource_kind, resource_key) > (?, ?)
                order by resource_kind, resource_key
                offset ?
                limit 1
              )
            )
            select resource_kind, resource_key
            from ends
            order by resource_kind, resource_key
            limit 1
            """;

    private static final String COMPARED = """
            select
              coalesce(live.resource_kind, other.resource_kind) as resource_kind,
              coalesce(live.resource_key, other.resource_key) as resource_key,
              coalesce(live.latest_position, other.latest_position) as position,
              live.slot is null as missing,
              other.slot is null as surplus,
              (live.since, live.since_exact, live.first_position, live.latest_position, live.instances, live.memory_mb,
                live.organization, live.space, live.app)
              is distinct from (other.since, other.since_exact, other.first_position, other.latest_position, other.instances,
                other.memory_mb, other.organization, other.space, other.app) as different
            from (
              select
                slot, resource_kind, resource_key, since, since_exact, first_position, latest_position,
                instances, memory_mb, organization, space, app
              from running_resource
              where slot = ?
                and (resource_kind, resource_key) > (?, ?)
                and (resource_kind, resource_key) <= (?, ?)
            ) live
            full join (
              select
                slot, resource_kind, resource_key, since, since_exact, first_position, latest_position,
                instances, memory_mb, organization, space, app
              from running_resource
              where slot = ?
                and (resource_kind, resource_key) > (?, ?)
                and (resource_kind, resource_key) <= (?, ?)
            ) other
              on other.resource_kind = live.resource_kind
              and other.resource_key = live.resource_key
            order by resource_kind, resource_key
            """;

    /** Before the first row and behind the last one: no kind has such codes. */
    private static final Key FIRST = new Key(0, "");

    private static final Key LAST = new Key(Short.MAX_VALUE, "");

    private record Key(int kind, String key) {
        static Key of(String text) {
            int colon = text.indexOf(':');
            return colon < 0 ? FIRST : new Key(Integer.parseInt(text.substring(0, colon)), text.substring(colon + 1));
        }

        @Override
        public String toString() {
            return kind + ":" + key;
        }
    }

    private RunningDifferences() {}

    static ReadModel.Compared between(Connection transaction, int liveSlot, int otherSlot, String after, int rows)
            throws SQLException {
        Key from = Key.of(after);
        Optional<Key> end = end(transaction, liveSlot, otherSlot, from, rows);
        Key upTo = end.orElse(LAST);
        try (PreparedStatement statement = transaction.prepareStatement(COMPARED)) {
            bind(statement, 0, liveSlot, from, upTo);
            bind(statement, 5, otherSlot, from, upTo);
            List<Finding> differences = new ArrayList<>();
            int compared = 0;
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    compared++;
                    if (row.getBoolean("different")) {
                        differences.add(new Finding(row.getLong("position"), difference(row)));
                    }
                }
            }
            return new ReadModel.Compared(differences, compared, end.map(Key::toString));
        }
    }

    private static void bind(PreparedStatement statement, int before, int slot, Key from, Key upTo)
            throws SQLException {
        statement.setInt(before + 1, slot);
        statement.setInt(before + 2, from.kind());
        statement.setString(before + 3, from.key());
        statement.setInt(before + 4, upTo.kind());
        statement.setString(before + 5, upTo.key());
    }

    /** The last row of the range; empty if neither slot has so many rows more. */
    private static Optional<Key> end(Connection transaction, int liveSlot, int otherSlot, Key from, int rows)
            throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(END)) {
            int parameter = 1;
            for (int slot : new int[] {liveSlot, otherSlot}) {
                statement.setInt(parameter++, slot);
                statement.setInt(parameter++, from.kind());
                statement.setString(parameter++, from.key());
                statement.setInt(parameter++, rows - 1);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Key(row.getInt("resource_kind"), row.getString("resource_key")))
                        : Optional.empty();
            }
        }
    }

    private static String difference(ResultSet row) throws SQLException {
        String resource =
                ResourceKind.ofCode(row.getInt("resource_kind")).label() + " " + row.getString("resource_key");
        if (row.getBoolean("missing")) {
            return "the " + resource + " runs by the log, but not by what the projection says";
        }
        return row.getBoolean("surplus")
                ? "the " + resource + " runs by what the projection says, but not by the log"
                : "the projection says something else of the " + resource + " than the log";
    }
}
