package org.usageledger.running;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.Finding;

/** Compares two copies of what runs. */
final class RunningDifferences {
    private static final String DIFFERENCES = """
            select
              coalesce(live.resource_kind, other.resource_kind) as resource_kind,
              coalesce(live.resource_key, other.resource_key) as resource_key,
              coalesce(live.latest_position, other.latest_position) as position,
              live.slot is null as missing,
              other.slot is null as surplus
            from (
              select
                slot, resource_kind, resource_key, since, since_exact, first_position, latest_position,
                instances, memory_mb, organization, space, app
              from running_resource
              where slot = ?
            ) live
            full join (
              select
                slot, resource_kind, resource_key, since, since_exact, first_position, latest_position,
                instances, memory_mb, organization, space, app
              from running_resource
              where slot = ?
            ) other
              on other.resource_kind = live.resource_kind
              and other.resource_key = live.resource_key
            where (live.since, live.since_exact, live.first_position, live.latest_position, live.instances, live.memory_mb,
                live.organization, live.space, live.app)
              is distinct from (other.since, other.since_exact, other.first_position, other.latest_position, other.instances,
                other.memory_mb, other.organization, other.space, other.app)
            order by position
            limit ?
            """;

    private RunningDifferences() {}

    static List<Finding> between(Connection transaction, int liveSlot, int otherSlot, int limit) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(DIFFERENCES)) {
            statement.setInt(1, liveSlot);
            statement.setInt(2, otherSlot);
            statement.setInt(3, limit);
            List<Finding> differences = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    differences.add(new Finding(row.getLong("position"), difference(row)));
                }
            }
            return differences;
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
