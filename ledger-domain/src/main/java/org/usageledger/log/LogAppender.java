package org.usageledger.log;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends for everybody on this node. Callers hand in requests and get a future; one thread takes what waits, writes one transaction
 * and answers after it is durable. While one transaction is flushed the next one's requests gather: alone, an event waits for nobody;
 * under load the groups grow by themselves.
 */
public final class LogAppender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogAppender.class);

    /** Where sessions come from. */
    @FunctionalInterface
    interface Sessions {
        AppendSession open() throws SQLException;
    }

    private final AppendQueue queue;
    private final AppendObserver observer;
    private final GroupCommit groupCommit;
    private final Thread thread;

    /**
     * Starts the appender of this node.
     *
     * @param database gives sessions with a role that may append; not pooled, the appender keeps its own
     * @param watch told of every advance of the head
     */
    public LogAppender(DataSource database, HeadWatch watch, AppenderLimits limits) {
        this(database, watch, limits, AppendObserver.NONE, "");
    }

    /**
     * Starts the appender of this node, observed.
     *
     * @param database gives sessions with a role that may append; not pooled, the appender keeps its own
     * @param watch told of every advance of the head
     * @param node its name: once a node of this name is expunged nothing is appended here; empty for what is no node of the service. Who
     *     merely shares the name with a younger service goes on: its appends are as good as any
     */
    public LogAppender(
            DataSource database, HeadWatch watch, AppenderLimits limits, AppendObserver observer, String node) {
        this(database, watch, limits, () -> AppendSession.open(database, limits, node), observer);
    }

    LogAppender(
            DataSource database, HeadWatch watch, AppenderLimits limits, Sessions sessions, AppendObserver observer) {
        this.observer = observer;
        queue = new AppendQueue(limits);
        groupCommit =
                new GroupCommit(sessions, new HeldHeadGuard(database, limits.lockTimeout()), watch, queue, observer);
        thread = Thread.ofPlatform().name("ledger-appender").daemon().start(this::run);
    }

    /** The answer comes when the request is durable, refused or given up; never before. Never completes exceptionally. */
    public CompletableFuture<AppendResult> append(AppendRequest request) {
        if (request.events().isEmpty()) {
            throw new IllegalArgumentException("a request to append has at least one event");
        }
        long handedIn = System.nanoTime();
        CompletableFuture<AppendResult> answer = queue.offer(request, observer.carried());
        // Beside the answer, not before it: an observer that throws must not take it away.
        var _ = answer.thenAccept(result -> observer.answered(result, Duration.ofNanos(System.nanoTime() - handedIn)));
        return answer;
    }

    /** What an operator asks of the appender. */
    public Status status() {
        return groupCommit.status(queue.waiting());
    }

    private void run() {
        try {
            appendUntilClosed();
        } finally {
            queue.abandon();
            groupCommit.close();
        }
    }

    private void appendUntilClosed() {
        while (!queue.ended()) {
            try {
                var batch = queue.take();
                if (batch.isEmpty()) {
                    groupCommit.probe();
                } else {
                    groupCommit.carryOut(batch);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error e) {
                LOG.error("the appender met a fault it does not know; it goes on with the next requests", e);
            }
        }
    }

    /** Takes no more requests, carries out those that wait, then closes its session. */
    @Override
    public void close() {
        queue.close();
        try {
            if (!thread.join(Duration.ofSeconds(15))) {
                thread.interrupt();
                thread.join(TimeUnit.SECONDS.toMillis(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        queue.abandon();
    }

    /**
     * How the appender does.
     *
     * @param queuedEvents events that wait for a transaction
     * @param queuedBytes of their stored form
     * @param transactions committed since start
     * @param events recorded since start
     * @param inDoubt commits whose outcome had to be found out
     * @param lastFault what went wrong last, empty if it works; what the database refuses of one request is that request's fault alone
     * @param faultSince since when it has not worked
     */
    public record Status(
            long queuedEvents,
            long queuedBytes,
            long transactions,
            long events,
            long inDoubt,
            String lastFault,
            Optional<Instant> faultSince) {}
}
