package org.usageledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** Attempts that were turned away, on their way to the audit log. */
@OnFreshDatabase
@Timeout(120)
class RefusalsTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final CountDownLatch connections = new CountDownLatch(1);
    private final AuditLog log;
    private final AuditLog held;

    RefusalsTest(TestDatabase database) {
        log = new AuditLog(database.dataSource());
        held = new AuditLog(handingOutLater(database.dataSource()));
    }

    /** A database that is busy until it is told. */
    private DataSource handingOutLater(DataSource database) {
        return (DataSource) Proxy.newProxyInstance(
                RefusalsTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (_, method, arguments) -> {
                    assertThat(connections.await(60, TimeUnit.SECONDS)).isTrue();
                    try {
                        return method.invoke(database, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static AuditAttempt from(String address) {
        Caller caller = new Caller(Optional.empty(), Optional.empty(), address, Set.of());
        return new AuditAttempt(caller, "POST /v1/jobs/{name}/executions", "/v1/jobs/check/executions", "1");
    }

    private List<Long> attempts(int status, String network) {
        return log.list(0, AuditLog.LIST_LIMIT).stream()
                .filter(entry -> entry.address().startsWith(network)
                        && entry.outcome().orElseThrow().status() == status)
                .map(AuditEntry::attempts)
                .toList();
    }

    @Test
    void wait_for_the_database_without_anybody_waiting_for_them() {
        Refusals refusals = new Refusals(held, LONG);
        for (int i = 0; i < 500; i++) {
            refusals.add(from("10.1." + i % 50), 401);
        }

        connections.countDown();
        refusals.close();

        Await.untilTrue(
                Duration.ofSeconds(60),
                () -> attempts(401, "10.1.").toString(),
                () -> attempts(401, "10.1.").stream().mapToLong(Long::longValue).sum() == 500);
    }

    @Test
    void are_counted_as_one_entry_with_those_that_follow_from_one_address() {
        Refusals refusals = new Refusals(held, Duration.ofMillis(10));
        for (int i = 0; i < 20; i++) {
            refusals.add(from("10.2.1"), 401);
        }
        connections.countDown();

        Await.untilTrue(
                Duration.ofSeconds(30),
                () -> attempts(401, "10.2.").toString(),
                () -> attempts(401, "10.2.").stream().mapToLong(Long::longValue).sum() == 20);
        assertThat(attempts(401, "10.2.")).hasSizeLessThan(3);
        refusals.close();
    }

    @Test
    void of_strangers_leave_room_for_those_of_known_callers_and_are_bounded() {
        connections.countDown();
        try (Refusals refusals = new Refusals(log, LONG)) {
            for (int i = 0; i < 3 * Refusals.BUDGET; i++) {
                refusals.add(from("10.3." + i), 401);
            }
            refusals.add(from("10.3.1"), 403);
        }

        Await.untilTrue(
                Duration.ofSeconds(60),
                () -> attempts(403, "10.3.").toString(),
                () -> attempts(403, "10.3.").size() == 1);
        assertThat(attempts(401, "10.3.")).hasSizeLessThan(2 * Refusals.BUDGET);
    }
}
