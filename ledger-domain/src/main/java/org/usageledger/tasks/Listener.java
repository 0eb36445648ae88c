package org.usageledger.tasks;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection on which this node hears notifications. When it is lost another is opened; whenever one begins to listen everybody is
 * woken, because what came before was not heard.
 */
final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** A connection that was silent for so long is asked whether it is still there. */
    private static final int SILENCE_MILLIS = 10_000;

    /** For a server that never answers. */
    private static final int NETWORK_MILLIS = 10_000;

    /** Before the second attempt to listen; doubled up to the last. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final Duration LAST_PAUSE = Duration.ofSeconds(5);

    private final DataSource connections;
    private final Runnable wake;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofVirtual().name("ledger-task-listener").unstarted(this::run);
    private volatile boolean listening;
    private Duration pause = FIRST_PAUSE;
    private boolean lost;

    /** @param connections opens one for it alone, which stays open */
    Listener(DataSource connections, Runnable wake) {
        this.connections = connections;
        this.wake = wake;
    }

    void start() {
        thread.start();
    }

    boolean isListening() {
        return listening;
    }

    private void run() {
        while (!closed()) {
            try (Connection connection = connections.getConnection()) {
                connection.setNetworkTimeout(Runnable::run, NETWORK_MILLIS);
                TaskChannel.listen(connection);
                heard();
                follow(connection);
            } catch (SQLException | RuntimeException e) {
                notHeard(e);
            } finally {
                listening = false;
            }
            rest();
        }
    }

    private void heard() {
        if (lost) {
            LOG.info("listening for changes again");
        }
        lost = false;
        wake.run();
        listening = true;
    }

    private void follow(Connection connection) throws SQLException {
        PGConnection driver = connection.unwrap(PGConnection.class);
        while (!closed()) {
            PGNotification[] came = driver.getNotifications(SILENCE_MILLIS);
            if (came != null && came.length > 0) {
                wake.run();
            } else if (!connection.isValid(NETWORK_MILLIS / 1_000)) {
                throw new SQLException("the connection does not answer any more");
            }
            // Not earlier: a server that takes connections and loses them at once is not to be asked at full speed.
            pause = FIRST_PAUSE;
        }
    }

    private void notHeard(Exception e) {
        if (!lost && !closed()) {
            LOG.warn("cannot listen for changes, tasks are activated by their periods: {}", e.getMessage());
        }
        lost = true;
    }

    private void rest() {
        try {
            if (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                Duration longer = pause.multipliedBy(2);
                pause = longer.compareTo(LAST_PAUSE) < 0 ? longer : LAST_PAUSE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean closed() {
        return closing.getCount() == 0;
    }

    /** Asks it to end; it holds nothing that an interrupt could break. */
    void stop() {
        closing.countDown();
        thread.interrupt();
    }

    Thread thread() {
        return thread;
    }
}
