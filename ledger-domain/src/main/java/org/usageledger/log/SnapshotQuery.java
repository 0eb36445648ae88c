package org.usageledger.log;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.usageledger.event.ContentHash;
import org.usageledger.event.EventIdentity;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

/** Reads what the judge needs, after the counter is locked: anything read before could miss what committed in between. */
final class SnapshotQuery {
    private static final String KNOWN = """
            select
              i.identity,
              i.position,
              i.content,
              null as reason
            from unnest(?::uuid[]) as asked (identity)
            join event_identity i on i.identity = asked.identity
            union all
            select
              s.identity,
              0,
              s.content,
              s.reason
            from unnest(?::uuid[]) as asked (identity)
            join suppressed_stop s on s.identity = asked.identity
            where s.recorded_position is null
            union all
            select
              null,
              0,
              null,
              n.state
            from ledger_node n
            where n.node_id = ?
              and n.state = 'expunged'
            """;

    private static final String EVIDENCE = """
            select
              asked.key,
              coalesce((
                select e.effect in (1, 2)
                from usage_event e
                where e.resource_hash = asked.hash
                and e.resource_kind = 2
                and e.resource_key = asked.key
                and e.effect <> 0
                order by e.position desc
                limit 1
              ), false) as open,
              exists (
                select 1
                from usage_event e
                where e.resource_hash = asked.hash
                and e.resource_kind = 2
                and e.resource_key = asked.key
                and e.effect in (1, 2)
              ) as begun
            from unnest(?::bigint[], ?::text[]) as asked (hash, key)
            """;

    private static final String NEWEST = """
            select
              asked.kind,
              asked.key,
              coalesce((
                select e.position
                from usage_event e
                where e.resource_hash = asked.hash
                and e.resource_kind = asked.kind
                and e.resource_key = asked.key
                order by e.position desc
                limit 1
              ), 0) as newest
            from unnest(?::bigint[], ?::smallint[], ?::text[]) as asked (hash, kind, key)
            """;

    private final Connection transaction;
    private final String node;

    /** @param node that appends; empty if it is none */
    SnapshotQuery(Connection transaction, String node) {
        this.transaction = transaction;
        this.node = node;
    }

    /** @throws ExpungedNode if the node that appends was expunged: whoever expunges does so under the counter's lock */
    Snapshot read(HeadRow head, List<AppendRequest> requests) throws SQLException {
        List<UUID> identities = new ArrayList<>();
        Set<Resource> tasks = new LinkedHashSet<>();
        Map<Resource, Integer> beginnings = new LinkedHashMap<>();
        Set<Resource> conditioned = new LinkedHashSet<>();
        Set<Integer> older = new TreeSet<>();
        for (AppendRequest request : requests) {
            for (Condition condition : request.conditions()) {
                conditioned.add(condition.resource());
                if (condition.after().epoch() < head.epoch()) {
                    older.add(condition.after().epoch());
                }
            }
            for (NewEvent event : request.events()) {
                identities.add(event.identity().value());
                event.resource()
                        .filter(resource -> needsEvidence(resource, event))
                        .ifPresent(task -> {
                            tasks.add(task);
                            if (event.effect().begins()) {
                                beginnings.merge(task, 1, Integer::sum);
                            }
                        });
            }
        }
        return new Snapshot(
                head.head(),
                head.forgottenBefore(),
                known(identities),
                evidence(List.copyOf(tasks)),
                new AsideRows(transaction).waiting(beginnings),
                newest(List.copyOf(conditioned)),
                forks(older));
    }

    private Map<Integer, Long> forks(Set<Integer> epochs) throws SQLException {
        Map<Integer, Long> forks = new HashMap<>();
        for (int epoch : epochs) {
            forks.put(epoch, Horizons.forkAfter(transaction, epoch));
        }
        return forks;
    }

    private static boolean needsEvidence(Resource resource, NewEvent event) {
        return resource.kind() == ResourceKind.TASK
                && (event.onlyIntoOpenRun() || event.effect().begins());
    }

    private Map<EventIdentity, Known> known(List<UUID> identities) throws SQLException {
        Map<EventIdentity, Known> known = new HashMap<>();
        Array asked = transaction.createArrayOf("uuid", identities.toArray());
        try (PreparedStatement statement = transaction.prepareStatement(KNOWN)) {
            statement.setArray(1, asked);
            statement.setArray(2, asked);
            statement.setString(3, node);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    UUID identity = row.getObject("identity", UUID.class);
                    if (identity == null) {
                        throw new ExpungedNode(node);
                    }
                    known.put(new EventIdentity(identity), known(row));
                }
            }
        }
        return known;
    }

    private static Known known(ResultSet row) throws SQLException {
        ContentHash content = ContentHash.stored(row.getBytes("content"));
        String reason = row.getString("reason");
        return reason == null
                ? new Known.InLog(row.getLong("position"), content)
                : new Known.Aside(SuppressionReason.ofLabel(reason), content);
    }

    private Map<Resource, Evidence> evidence(List<Resource> tasks) throws SQLException {
        Map<Resource, Evidence> evidence = new HashMap<>();
        if (tasks.isEmpty()) {
            return evidence;
        }
        try (PreparedStatement statement = transaction.prepareStatement(EVIDENCE)) {
            statement.setArray(1, hashes(tasks));
            statement.setArray(2, keys(tasks));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    evidence.put(
                            new Resource(ResourceKind.TASK, row.getString("key")),
                            new Evidence(row.getBoolean("begun"), row.getBoolean("open")));
                }
            }
        }
        return evidence;
    }

    private Map<Resource, Long> newest(List<Resource> resources) throws SQLException {
        Map<Resource, Long> newest = new HashMap<>();
        if (resources.isEmpty()) {
            return newest;
        }
        try (PreparedStatement statement = transaction.prepareStatement(NEWEST)) {
            statement.setArray(1, hashes(resources));
            statement.setArray(
                    2,
                    transaction.createArrayOf(
                            "smallint",
                            resources.stream().map(r -> r.kind().code()).toArray()));
            statement.setArray(3, keys(resources));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    newest.put(
                            new Resource(ResourceKind.ofCode(row.getInt("kind")), row.getString("key")),
                            row.getLong("newest"));
                }
            }
        }
        return newest;
    }

    private Array hashes(List<Resource> resources) throws SQLException {
        return transaction.createArrayOf(
                "bigint", resources.stream().map(Resource::hash).toArray());
    }

    private Array keys(List<Resource> resources) throws SQLException {
        return transaction.createArrayOf(
                "text", resources.stream().map(Resource::key).toArray());
    }
}
