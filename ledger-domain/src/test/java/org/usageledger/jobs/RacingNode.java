package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.usageledger.jobs.ClaimTable.Claimed;
import org.usageledger.jobs.ClaimTable.Wanted;

/**
 * A node without manners: it wants executions whoever has them, freezes in the middle of chunks, forgets what it has claimed and goes on with
 * what it has lost. All that keeps it from harm is in the statements. For one thread.
 */
final class RacingNode {
    static final int CHUNKS = 8;

    /** Short enough to end while a node freezes. */
    private static final Duration LEASE = Duration.ofMillis(24);

    private static final int LONGEST_STALL_MILLIS = 40;
    private static final int AT_A_TIME = 3;
    private static final JobTimes TIMES =
            new JobTimes(LEASE, LEASE.dividedBy(3), Duration.ZERO, Duration.ZERO, 1_000, 1_000);

    private static final String EFFECT = """
            insert into race_effect (execution_id, chunk, claim_epoch)
            select
              ?,
              coalesce(max(chunk), 0) + 1,
              ?
            from race_effect
            where execution_id = ?
            returning chunk
            """;

    private static final String ACTIVE = """
            select
              execution_id,
              claim_epoch
            from job_execution
            where state in ('pending', 'running', 'unwinding')
            order by execution_id
            """;

    private final RandomGenerator random;
    private final Beat beat;
    private final RaceTables tables;
    private final Workplace workplace;
    private final String name;
    private final List<Execution> held = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private NodeIdentity identity;

    /** How leases are renewed: the executions that are said to be held still. */
    @FunctionalInterface
    interface Beat {
        Set<UUID> renew(Connection connection, NodeIdentity node, List<Claim> claims, Duration lease)
                throws SQLException;
    }

    RacingNode(RaceTables tables, KeptConnection line, String name, RandomGenerator random, Beat beat)
            throws SQLException {
        this.tables = tables;
        this.name = name;
        this.random = random;
        this.beat = beat;
        workplace = Workplace.of(line.dataSource(), TIMES, (_, _, _, _) -> {
            if (random.nextInt(8) == 0) {
                stall();
            }
        });
        identity = registered();
    }

    private NodeIdentity registered() throws SQLException {
        try (Connection connection = workplace.database().getConnection()) {
            return NodeTable.register(connection, name);
        }
    }

    /** One turn: something it should do, or something it should not. */
    void turn() throws SQLException, InterruptedException {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> claim();
            case 3 -> beat();
            case 4 -> restart();
            default -> work();
        }
    }

    /** Freezes for longer than a lease, now and then. */
    private void stall() {
        try {
            if (never.await(random.nextInt(LONGEST_STALL_MILLIS), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("nobody ends a stall");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever it is told, it asks for anything: who may have it is for the statement to say. */
    private void claim() throws SQLException {
        try (Connection connection = workplace.database().getConnection()) {
            List<Wanted> wanted = new ArrayList<>();
            active(connection).forEach((id, epoch) -> {
                if (wanted.size() < AT_A_TIME && random.nextBoolean()) {
                    wanted.add(new Wanted(id, epoch, epoch == 0 ? "start" : "lease_expired"));
                }
            });
            for (Claimed claimed : ClaimTable.claim(connection, identity, wanted, LEASE)) {
                held.add(new Execution(workplace, claimed.claim(), Map.of(), (_, _, _) -> {}));
            }
        }
    }

    private static Map<UUID, Long> active(Connection connection) throws SQLException {
        Map<UUID, Long> active = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(ACTIVE);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                active.put(row.getObject("execution_id", UUID.class), row.getLong("claim_epoch"));
            }
        }
        return active;
    }

    /** Epochs only rise: a claim that was lost before the beat must not be said to be held by it. */
    private void beat() throws SQLException {
        try (Connection connection = workplace.database().getConnection()) {
            Map<UUID, Long> before = active(connection);
            Set<UUID> said = beat.renew(
                    connection, identity, held.stream().map(Execution::claim).toList(), LEASE);
            for (Execution execution : held) {
                long epoch = before.getOrDefault(execution.id(), 0L);
                if (epoch > execution.claim().epoch() && said.contains(execution.id()) && alone(execution)) {
                    tables.broken(connection, "a heartbeat revived " + execution.claim() + " of epoch " + epoch);
                }
            }
        }
    }

    /** Whether it has no other claim on the same execution, which the answer may have meant. */
    private boolean alone(Execution execution) {
        return held.stream().filter(other -> other.id().equals(execution.id())).count() == 1;
    }

    /** Comes back under its name, and forgets what it had; or remembers it, as a thread does that outlived its node. */
    private void restart() throws SQLException {
        identity = registered();
        if (random.nextBoolean()) {
            held.clear();
        }
    }

    private void work() throws SQLException, InterruptedException {
        if (held.isEmpty()) {
            return;
        }
        Execution execution = held.get(random.nextInt(held.size()));
        try {
            for (int chunks = 1 + random.nextInt(3); chunks > 0; chunks--) {
                if (step(execution) == CHUNKS) {
                    held.remove(execution);
                    return;
                }
            }
        } catch (Fenced e) {
            // Some nodes do not listen.
            if (random.nextInt(4) > 0) {
                held.remove(execution);
            }
        }
    }

    private long step(Execution execution) throws SQLException, InterruptedException {
        long done = execution.reached(1).map(Progress::position).orElse(0L);
        if (done == CHUNKS - 1) {
            execution.finish(1, transaction -> effect(transaction, execution.claim()));
            return CHUNKS;
        }
        return execution
                .chunk(1, transaction -> effect(transaction, execution.claim()))
                .position();
    }

    private static Progress effect(Connection transaction, Claim claim) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(EFFECT)) {
            statement.setObject(1, claim.execution());
            statement.setLong(2, claim.epoch());
            statement.setObject(3, claim.execution());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Progress(row.getInt("chunk"), CHUNKS);
            }
        }
    }
}
