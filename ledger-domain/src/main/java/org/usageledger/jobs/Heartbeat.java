package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node as the database knows it: registered, heard of, and told when it is to stop. */
final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final DataSource database;
    private final JobTimes times;
    private final Beats beats;
    private final Semaphore bell = new Semaphore(0);
    private volatile NodeIdentity identity;
    private volatile @Nullable Stopped stopped;
    private volatile @Nullable Instant handsOverSince;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    /**
     * Why this node carries nothing out any more although it was not closed, and since when.
     *
     * @param drained whether it was asked to, and did so in order
     */
    record Stopped(Instant since, String reason, boolean drained) {}

    /** Whoever goes by the beat. */
    interface Beats {
        /** After each heartbeat that was heard, on its connection. */
        void heard(Connection connection, NodeIdentity node) throws SQLException;

        /** This node is asked to hand over what it does. True if it has, as far as it knows; asked again at each beat until it is on record. */
        boolean handsOver();

        /** It has handed over as far as it knows, and the database says that it has not. */
        void notYet();

        /** This node is not the one of its name any more, or must not do anything. Once. */
        void stopped();
    }

    Heartbeat(DataSource database, String name, JobTimes times, Beats beats) {
        this.database = database;
        this.times = times;
        this.beats = beats;
        try (Connection connection = database.getConnection()) {
            identity = NodeTable.register(connection, name);
        } catch (SQLException e) {
            throw new JobFault("registering node " + name, e);
        }
    }

    /** Begins to beat. */
    void start() {
        thread = Thread.ofVirtual().name("ledger-heartbeat").start(this::run);
    }

    NodeIdentity identity() {
        return identity;
    }

    Optional<Stopped> stopped() {
        return Optional.ofNullable(stopped);
    }

    /** Whether it may begin something. */
    boolean works() {
        return stopped == null && !closed;
    }

    /** Since when it hands over what it does because it was asked to; empty if it was not, or has done so before it was asked. */
    Optional<Instant> handsOverSince() {
        return Optional.ofNullable(handsOverSince);
    }

    /** Beats now. */
    void wake() {
        bell.release();
    }

    private void run() {
        forgetOthers();
        while (!closed && (stopped == null || stopped().orElseThrow().drained())) {
            try (Connection connection = database.getConnection()) {
                beat(connection);
            } catch (SQLException | RuntimeException e) {
                LOG.warn("this node cannot say that it lives: {}", e.getMessage());
            } catch (Error e) {
                // Without its heartbeat a node would neither keep what it has nor hear that it must stop.
                LOG.error("a heartbeat ended in an error", e);
            }
            try {
                if (bell.tryAcquire(times.period().toMillis(), TimeUnit.MILLISECONDS)) {
                    bell.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Once a life, and no reason not to live. */
    private void forgetOthers() {
        try (Connection connection = database.getConnection()) {
            NodeTable.forget(connection);
        } catch (SQLException | RuntimeException e) {
            LOG.info("cannot forget nodes that are gone for long: {}", e.getMessage());
        }
    }

    private void beat(Connection connection) throws SQLException {
        Optional<NodeState> state = NodeTable.seen(connection, identity);
        if (state.isEmpty() && !standsAgain(connection)) {
            return;
        }
        beats.heard(connection, identity);
        // Registered anew it is not on record as asked any more; it has stopped what it did all the same.
        boolean askedBefore = handsOverSince != null && (stopped == null || state.isEmpty());
        if (askedBefore || state.equals(Optional.of(NodeState.QUIESCING))) {
            handOver(connection);
        }
    }

    /** Goes on beating meanwhile: what is not stopped yet keeps its lease. */
    private void handOver(Connection connection) throws SQLException {
        if (handsOverSince == null) {
            handsOverSince = Instant.now();
            LOG.info("node {} hands over what it does", identity.id());
        }
        if (!beats.handsOver()) {
            return;
        }
        if (!NodeTable.drained(connection, identity)) {
            beats.notYet();
        } else if (stopped == null) {
            stop("it was asked to hand over what it does, and has: start it again to have it work again", true);
        }
    }

    /** Whether this node may go on after its heartbeat was not heard. The younger of two goes on: it may be this one, restarted. */
    private boolean standsAgain(Connection connection) throws SQLException {
        return switch (NodeTable.standing(connection, identity)) {
            case SUPERSEDED -> {
                stop(
                        "another service was started under the node name " + identity.id()
                                + ": this one neither projects nor carries out executions any more; give each service on"
                                + " one database a LEDGER_NODE of its own and start this one again",
                        false);
                yield false;
            }
            case EXPUNGED -> {
                stop("node " + identity.id() + " was expunged: start this service under another node name", false);
                yield false;
            }
            case UNKNOWN -> {
                identity = NodeTable.register(connection, identity.id());
                LOG.warn("node {} was not known to the database any more and is registered anew", identity.id());
                yield true;
            }
        };
    }

    private void stop(String reason, boolean drained) {
        if (drained) {
            LOG.info("node {} is drained", identity.id());
        } else {
            LOG.error("{}", reason);
        }
        stopped = new Stopped(Instant.now(), reason, drained);
        beats.stopped();
    }

    /** Beats no more, and signs off once everything else has ended. */
    @Override
    public void close() {
        closed = true;
        bell.release();
        Thread beating = thread;
        if (beating != null) {
            try {
                beating.join(times.lease());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Says that it has ended in order. */
    void signOff() {
        try (Connection connection = database.getConnection()) {
            if (!NodeTable.drained(connection, identity)) {
                LOG.info(
                        "node {} is not drained: it was expunged, superseded, or holds executions until their leases end",
                        identity.id());
            }
        } catch (SQLException e) {
            LOG.info("cannot sign off node {}: {}", identity.id(), e.getMessage());
        }
    }
}
