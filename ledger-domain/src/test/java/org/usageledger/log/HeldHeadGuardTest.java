package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

@OnFreshDatabase
class HeldHeadGuardTest {

    /** Mutant: no timeout of the network. */
    @Test
    void a_server_that_does_not_answer_holds_up_the_appender_for_a_while_only(TestDatabase database) {
        try (CuttingProxy proxy = new CuttingProxy(database.address())) {
            DataSource real = proxy.address().dataSource();
            DataSource silent = (DataSource) Proxy.newProxyInstance(
                    DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, arguments) -> {
                        Connection connection = real.getConnection();
                        proxy.silence();
                        return connection;
                    });
            HeldHeadGuard guard = new HeldHeadGuard(silent, Duration.ofMillis(100));
            CompletableFuture<Integer> ended = CompletableFuture.supplyAsync(() -> release(guard));

            assertThatThrownBy(() -> ended.get(TestLog.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .rootCause()
                    .hasMessageContaining("timed out");
        }
    }

    private static int release(HeldHeadGuard guard) {
        try {
            return guard.release();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
