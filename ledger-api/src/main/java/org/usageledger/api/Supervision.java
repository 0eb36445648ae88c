package org.usageledger.api;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.EmbeddedPostgres;
import org.usageledger.postgres.PostgresUnavailable;

/**
 * Keeps the service's own PostgreSQL running: one that ended unasked is started again, as long as the service lives. If somebody else has its
 * port then, it gets another one, and the service is told.
 */
final class Supervision implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);
    private static final long LOOK_MILLIS = 250;
    private static final long AFTER_FAILURE_MILLIS = 5_000;

    private final EmbeddedPostgres postgres;
    private final Consumer<DatabaseAddress> moved;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private DatabaseAddress told;

    /**
     * Begins to look after the server.
     *
     * @param served where the service believes it to be
     * @param moved told where it is, whenever that has changed
     */
    Supervision(EmbeddedPostgres postgres, DatabaseAddress served, Consumer<DatabaseAddress> moved) {
        this.postgres = postgres;
        this.told = served;
        this.moved = moved;
        thread = Thread.ofVirtual().name("ledger-postgresql-supervision").start(this::run);
    }

    private void run() {
        long pause = LOOK_MILLIS;
        try {
            while (!closing.await(pause, TimeUnit.MILLISECONDS)) {
                pause = look() ? LOOK_MILLIS : AFTER_FAILURE_MILLIS;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean look() {
        try {
            if (postgres.restartIfEnded(LOG::warn)) {
                LOG.warn("PostgreSQL runs again as process {}", postgres.pid());
            }
            DatabaseAddress now = postgres.serviceAddress();
            if (!now.equals(told)) {
                LOG.warn("PostgreSQL has moved from {} to {}, because its port was taken", told.shown(), now.shown());
                moved.accept(now);
                told = now;
            }
            return true;
        } catch (PostgresUnavailable e) {
            LOG.error("{}", e.getMessage());
            return false;
        }
    }

    /** Ends the supervision first, then the server. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        postgres.close();
    }
}
