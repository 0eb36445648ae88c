package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.testing.Seed;

/**
 * Nodes that race for executions with leases of a few milliseconds, freeze, forget, are ended by force, and lose their connections in the middle of
 * anything; judged by the database. The long form is {@code -Dledger.faults=long}.
 */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class RacingNodesTest {
    private static final int ROUNDS = "long".equals(System.getProperty("ledger.faults")) ? 60 : 3;
    private static final int NODES = 5;
    private static final int EXECUTIONS = 8;
    private static final int MILLIS_BETWEEN_ENDS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String NAME = "racing-node";
    private static final List<String> NAMED = List.of("set application_name = '" + NAME + "'");

    private final RandomGenerator random = Seed.forRun().generator();
    private final AtomicInteger terminated = new AtomicInteger();
    private TestDatabase database;
    private RaceTables tables;
    private Jobs jobs;

    @BeforeEach
    void open(TestDatabase fresh) {
        database = fresh;
        tables = new RaceTables(fresh.dataSource());
        jobs = new Jobs(fresh.dataSource(), List.of(new CountingJob()), () -> {});
    }

    private void start(int round) {
        for (int i = 0; i < EXECUTIONS; i++) {
            assertThat(jobs.start("count", Map.of("to", round + "/" + i), Optional.empty(), "test"))
                    .isInstanceOf(Started.Accepted.class);
        }
    }

    /** How the nodes of a race differ from those of the product; not at all as it stands. */
    private record Nature(RacingNode.Beat beat, List<List<String>> settings) {
        static final Nature AS_IT_IS = new Nature(LeaseTable::renew, List.of(NAMED));
    }

    /** Races until the judge says that it is over. */
    private void race(Nature nature, Await.Condition isOver) throws InterruptedException {
        AtomicBoolean stopped = new AtomicBoolean();
        CountDownLatch over = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            RandomGenerator own = new Seed(random.nextLong()).generator();
            List<String> settings = nature.settings().get(i % nature.settings().size());
            String name = "n" + i;
            threads.add(Thread.ofVirtual().start(() -> live(own, nature.beat(), settings, name, stopped)));
        }
        RandomGenerator fate = new Seed(random.nextLong()).generator();
        threads.add(Thread.ofVirtual().start(() -> terminate(fate, over)));
        try {
            Await.untilTrue(PATIENCE, () -> tables.counts() + " " + tables.found(), isOver);
        } finally {
            stopped.set(true);
            over.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private void live(
            RandomGenerator own, RacingNode.Beat beat, List<String> settings, String name, AtomicBoolean stopped) {
        KeptConnection line = new KeptConnection(database.dataSource(), settings);
        Optional<RacingNode> node = Optional.empty();
        while (!stopped.get()) {
            try {
                if (node.isEmpty()) {
                    node = Optional.of(new RacingNode(tables, line, name, own, beat));
                }
                node.get().turn();
            } catch (SQLException | InterruptedException e) {
                // Its connection was ended, or it froze for too long: it goes on with the next turn.
            }
        }
        line.close();
    }

    private void terminate(RandomGenerator fate, CountDownLatch over) {
        try (Connection connection = database.open()) {
            while (true) {
                if (RaceTables.terminateOne(connection, NAME)) {
                    terminated.incrementAndGet();
                }
                if (over.await(fate.nextInt(MILLIS_BETWEEN_ENDS), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException("ending sessions", e);
        }
    }

    @Test
    void claims_are_dense_effects_are_there_once_under_the_epoch_of_their_commit_and_all_come_to_one_end()
            throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            start(round);
            race(Nature.AS_IT_IS, () -> tables.counts().active() == 0);
            assertThat(tables.found()).as("round " + round).isEmpty();
        }
        RaceTables.Counts counts = tables.counts();
        System.out.println("raced: " + counts + ", sessions ended " + terminated);
        long executions = (long) ROUNDS * EXECUTIONS;
        assertThat(counts.effects()).isEqualTo(executions * RacingNode.CHUNKS);
        assertThat(counts.claims()).as("there were takeovers").isGreaterThan(2 * executions);
        assertThat(terminated).as("sessions were ended").hasPositiveValue();
    }

    /** Each of them is found out; what it breaks is looked for until it is broken. */
    @Nested
    class A_mutant {

        private void isFoundOut(Nature nature, String by) throws InterruptedException {
            AtomicInteger rounds = new AtomicInteger();
            race(nature, () -> {
                if (tables.counts().active() == 0) {
                    start(rounds.incrementAndGet());
                }
                return tables.found().stream().anyMatch(found -> found.contains(by));
            });
        }

        @Test
        void that_enters_a_step_without_locking_its_row() throws InterruptedException {
            tables.change("""
                    create or replace function ledger_enter_step(execution uuid, node text, incarnation bigint, epoch bigint)
                      returns boolean
                    language plpgsql
                    as $$
                    begin
                      perform 1
                      from job_execution e
                      where e.execution_id = ledger_enter_step.execution
                        and e.owner_node = ledger_enter_step.node
                        and e.owner_incarnation = ledger_enter_step.incarnation
                        and e.claim_epoch = ledger_enter_step.epoch
                        and e.state in ('running', 'unwinding');
                      if not found then
                        raise exception 'not claimed'
                          using errcode = 'LF001';
                      end if;
                      return false;
                    end
                    $$
                    """);
            isFoundOut(Nature.AS_IT_IS, "committed under epoch");
        }

        @Test
        void whose_heartbeat_does_not_look_at_the_epoch() throws InterruptedException {
            RacingNode.Beat forgetful = (connection, node, claims, lease) -> {
                try (var statement = connection.prepareStatement("""
                        update job_execution
                        set lease_until = clock_timestamp() + ? * interval '1 millisecond'
                        where execution_id = any (?)
                          and state in ('running', 'unwinding')
                        returning execution_id
                        """)) {
                    statement.setLong(1, lease.toMillis());
                    statement.setArray(
                            2,
                            connection.createArrayOf(
                                    "uuid",
                                    claims.stream().map(Claim::execution).toArray()));
                    Set<UUID> renewed = new HashSet<>();
                    try (var row = statement.executeQuery()) {
                        while (row.next()) {
                            renewed.add(row.getObject(1, UUID.class));
                        }
                    }
                    return renewed;
                }
            };
            isFoundOut(new Nature(forgetful, List.of(NAMED)), "a heartbeat revived");
        }

        /** The nodes' statements find this clock before the database's own. */
        @Test
        void that_takes_leases_by_the_clock_of_its_node() throws InterruptedException {
            tables.change("""
                    create schema of_the_node;
                    create function of_the_node.clock_timestamp() returns timestamptz
                    language sql
                    volatile
                    as $$
                    select pg_catalog.clock_timestamp() + current_setting('race.ahead')::interval
                    $$
                    """);
            List<List<String>> clocks = List.of(clock("0 ms"), clock("200 ms"));
            isFoundOut(new Nature(LeaseTable::renew, clocks), "taken while its lease lasted");
        }

        private static List<String> clock(String ahead) {
            return List.of(
                    NAMED.getFirst(),
                    "set race.ahead = '" + ahead + "'",
                    "set search_path = of_the_node, pg_catalog, public");
        }
    }
}
