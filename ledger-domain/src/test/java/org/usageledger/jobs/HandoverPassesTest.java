package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.usageledger.jobs.recovery.Handover;
import org.usageledger.jobs.recovery.Handover.Blocker;
import org.usageledger.jobs.recovery.Key;
import org.usageledger.jobs.recovery.LocalExecutions;
import org.usageledger.postgres.testing.OnFreshDatabase;

/** How a node that hands over comes to let go of all that it has, pass by pass, in the test's thread. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class HandoverPassesTest extends HandoverSituation {
    private static final String REFUSE = """
            create function refuse() returns trigger
            language plpgsql
            as $$
            begin
              raise exception 'not now';
            end
            $$;
            create trigger refuse before update on job_execution for each row when (new.state = 'pending') execute function refuse()
            """;

    private final LocalExecutions local = new LocalExecutions();
    private final UUID one = UUID.randomUUID();
    private Optional<Blocker> seenInAPass = Optional.empty();

    private Optional<Blocker> blocker(RecoveryPass pass) {
        return pass.handover().blocker();
    }

    private RecoveryPass pass(Executor executor, DataSource data) {
        Heartbeat life = new Heartbeat(database.dataSource(), "n1", QUICK, new Heartbeat.Beats() {
            @Override
            public void heard(Connection connection, NodeIdentity node) {}

            @Override
            public boolean handsOver() {
                return false;
            }

            @Override
            public void notYet() {}

            @Override
            public void stopped() {}
        });
        Workplace workplace = Workplace.of(data, QUICK, FaultPoints.NONE);
        return new RecoveryPass(workplace, life, executor, local, Set.of("count"));
    }

    private Executor executor() {
        Workplace workplace = Workplace.of(database.dataSource(), QUICK, FaultPoints.NONE);
        return new Executor(workplace, Map.of("count", new CountingJob()), () -> {}, (_, _) -> {});
    }

    private RecoveryPass handingOver() {
        Executor executor = executor();
        executor.stopAll();
        return pass(executor, database.dataSource());
    }

    @Test
    void has_handed_over_once_a_pass_went_through_and_found_nothing() {
        RecoveryPass pass = handingOver();
        assertThat(blocker(pass)).contains(Blocker.NOT_LOOKED);
        pass.activate();
        assertThat(blocker(pass)).isEmpty();
    }

    @Test
    void what_was_never_taken_up_is_in_nobodys_way() {
        UUID id = start("k1");
        RecoveryPass pass = handingOver();
        pass.activate();
        assertThat(blocker(pass)).isEmpty();
        assertThat(view(id).state()).isEqualTo(ExecutionState.PENDING);
    }

    @Test
    void a_pass_from_before_it_was_asked_does_not_count() {
        Executor executor = executor();
        RecoveryPass pass = pass(executor, database.dataSource());
        pass.activate();
        executor.stopAll();
        assertThat(blocker(pass)).contains(Blocker.NOT_LOOKED);
        pass.activate();
        assertThat(blocker(pass)).isEmpty();
    }

    @Test
    void a_pass_that_began_before_the_last_was_started_does_not_count_and_what_works_is_waited_for() {
        RecoveryPass pass = handingOver();
        pass.activate();
        local.starting(one);
        local.created(one);
        assertThat(blocker(pass)).contains(Blocker.NOT_LOOKED);
        pass.activate();
        assertThat(blocker(pass)).contains(Blocker.WORKING);
        local.ended(new Key(one, Key.FIRST_EPOCH));
        pass.activate();
        assertThat(blocker(pass)).isEmpty();
    }

    @Test
    void a_start_in_doubt_is_looked_for_by_a_pass_that_begins_later() {
        RecoveryPass pass = handingOver();
        pass.activate();
        local.starting(one);
        local.createInDoubt(one);
        assertThat(blocker(pass)).contains(Blocker.NOT_LOOKED);
        pass.activate();
        assertThat(blocker(pass)).isEmpty();
    }

    @Test
    void what_is_in_its_name_and_nothing_here_works_on_is_given_back() throws SQLException {
        UUID id = start("k1");
        RecoveryPass pass = handingOver();
        takenUnheard(id, new NodeIdentity("n1", 1));
        pass.activate();
        assertThat(view(id).state()).isEqualTo(ExecutionState.PENDING);
        assertThat(blocker(pass)).isEmpty();
    }

    @Test
    void a_pass_in_which_something_failed_does_not_count() throws SQLException {
        UUID id = start("k1");
        RecoveryPass pass = handingOver();
        takenUnheard(id, new NodeIdentity("n1", 1));
        execute(REFUSE);
        assertThat(pass.activate().success()).isFalse();
        assertThat(blocker(pass)).contains(Blocker.NOT_LOOKED);
        execute("drop trigger refuse on job_execution");
        assertThat(pass.activate().success()).isTrue();
        assertThat(blocker(pass)).isEmpty();
        assertThat(view(id).state()).isEqualTo(ExecutionState.PENDING);
    }

    @Test
    void a_pass_that_could_not_look_does_not_count() throws SQLException {
        RecoveryPass pass = handingOver();
        execute("alter table job_execution rename to away");
        assertThat(pass.activate().success()).isFalse();
        assertThat(blocker(pass)).contains(Blocker.NOT_LOOKED);
        execute("alter table away rename to job_execution");
    }

    @Test
    void a_pass_that_is_under_way_is_waited_for() {
        Executor executor = executor();
        executor.stopAll();
        RecoveryPass[] made = new RecoveryPass[1];
        DataSource looking = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (_, method, arguments) -> {
                    seenInAPass = blocker(made[0]);
                    return method.invoke(database.dataSource(), arguments);
                });
        made[0] = pass(executor, looking);
        made[0].activate();
        assertThat(seenInAPass).contains(Blocker.PASSING);
        assertThat(blocker(made[0])).isEmpty();
    }

    @Test
    void a_pass_tells_an_operator_that_the_node_hands_over() {
        assertThat(handingOver().activate().summary()).contains("hands over");
        assertThat(new Handover(0, false, 0, Handover.NEVER)
                        .blocker()
                        .orElseThrow()
                        .text())
                .isNotEmpty();
    }

    /** In a node's name, as after a claim of whose commit it never heard. */
    void takenUnheard(UUID id, NodeIdentity node) throws SQLException {
        change("""
                insert into job_claim (execution_id, claim_epoch, node_id, incarnation, reason, backend_pid, backend_start)
                values (?, 1, ?, ?, 'start', 1, clock_timestamp())
                """, id, node.id(), node.incarnation());
        change("""
                update job_execution
                set state = 'running',
                  owner_node = ?,
                  owner_incarnation = ?,
                  claim_epoch = 1,
                  lease_until = clock_timestamp() + interval '1 day'
                where execution_id = ?
                """, node.id(), node.incarnation(), id);
    }
}
