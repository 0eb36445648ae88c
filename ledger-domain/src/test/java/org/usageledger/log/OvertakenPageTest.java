package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** Retention between the two statements of a page. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class OvertakenPageTest {
    /**
     * Filtered, or where retention has pruned before, a missing event shows no hole: the page is of one step of retention, or of none. Mutant:
     * no second look at the step.
     */
    @Test
    void a_filtered_page_that_retention_overtook_is_read_anew_and_says_what_was_pruned(TestDatabase database) {
        try (TestLog log = new TestLog(database)) {
            log.append(
                    Events.process("p1", "STARTED"), Events.process("p2", "STARTED"), Events.process("p3", "STARTED"));
            LogTables tables = new LogTables(database);
            AtomicInteger statements = new AtomicInteger();
            DataSource overtaken = (DataSource) Proxy.newProxyInstance(
                    DataSource.class.getClassLoader(),
                    new Class<?>[] {DataSource.class},
                    (proxy, method, arguments) -> interrupted(database.open(), () -> {
                        if (statements.incrementAndGet() == 2) {
                            tables.pruned(1, 2);
                        }
                    }));

            Page read = new LogReader(overtaken, log.watch)
                    .page(new Start.Oldest(), new ReadFilter(EventKind.APP, true), 10);

            assertThat(read).isInstanceOfSatisfying(Page.Events.class, page -> {
                assertThat(page.events()).extracting(LoggedEvent::position).containsExactly(3L);
                assertThat(page.horizon().prunedUpTo()).isEqualTo(2);
                assertThat(page.next()).isEqualTo(new Cursor(1, 3, 1));
            });
        }
    }

    /** Tells before each statement is made. */
    private static Connection interrupted(Connection real, Runnable before) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        before.run();
                    }
                    return method.invoke(real, arguments);
                });
    }
}
