package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.usageledger.tasks.NodeReport;
import org.usageledger.tasks.StatusTable;
import org.usageledger.tasks.TaskChannel;

/** The nodes of one database, as operators see and command them. Any node may be asked about any. */
public final class Nodes {
    /** Nodes shown at most. */
    public static final int LIST_LIMIT = 1_000;

    private static final String SILENT = "silent";

    private final DataSource database;
    private final JobTimes times;

    /** @param times by which a node counts as heard of */
    public Nodes(DataSource database, JobTimes times) {
        this.database = database;
        this.times = times;
    }

    /** The answer to the command. */
    public sealed interface Answer {
        /** It is so; the node itself follows within seconds if it lives. */
        record Accepted(NodeView node) implements Answer {}

        /** Its state does not allow it. */
        record Refused(NodeView node) implements Answer {}

        /** It was heard of a moment ago: whoever takes it for dead has to insist. */
        record Alive(NodeView node) implements Answer {}

        record NoSuchNode() implements Answer {}
    }

    /** All of them, by name. */
    public List<NodeView> all() {
        return read(
                "listing nodes",
                connection -> NodeControlTable.views(connection, Optional.empty(), times.lease(), LIST_LIMIT));
    }

    /**
     * How many nodes there are of each state, those without any with 0; {@value #SILENT} are those that should be heard of and are not,
     * whatever state they are on record with.
     */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        counts.put(SILENT, 0L);
        Arrays.stream(NodeState.values()).forEach(state -> counts.put(state.label(), 0L));
        all().forEach(node -> counts.merge(node.silent() ? SILENT : node.state().label(), 1L, Long::sum));
        return counts;
    }

    public Optional<NodeView> node(String name) {
        return read("reading node " + name, connection -> one(connection, name));
    }

    /**
     * What every node last reported of its background tasks, those that are gone too; by task, then by node.
     *
     * @param task only of this one; empty for all
     */
    public List<NodeReport> reports(Optional<String> task) {
        return read(
                "reading what nodes reported of their tasks",
                connection -> task.isPresent() ? StatusTable.of(connection, task.get()) : StatusTable.all(connection));
    }

    /** A node that is not heard of for longer counts as dead. */
    public Duration silence() {
        return times.lease();
    }

    private Optional<NodeView> one(Connection connection, String name) throws SQLException {
        return NodeControlTable.views(connection, Optional.of(name), times.lease(), 1).stream()
                .findFirst();
    }

    /** Asks a node to hand over what it does and to begin nothing more; it goes on serving requests. Again is the same. */
    public Answer quiesce(String name, Word word) {
        return read("quiescing node " + name, connection -> {
            Optional<NodeView> before = one(connection, name);
            if (before.isEmpty()) {
                return new Answer.NoSuchNode();
            }
            return switch (before.get().state()) {
                case EXPUNGED -> new Answer.Refused(before.get());
                case QUIESCING, DRAINED -> new Answer.Accepted(before.get());
                case STARTING, ACTIVE -> {
                    NodeControlTable.quiesce(connection, name, word);
                    TaskChannel.announce(connection);
                    yield new Answer.Accepted(one(connection, name).orElseThrow());
                }
            };
        });
    }

    /**
     * Takes a node for dead: others take what it had at once, and once this has returned it can neither append nor carry anything out any
     * more, nor project once what it has begun is done. Its name never comes back. Again changes nothing.
     *
     * @param force also if it was heard of within the last lease
     */
    public Answer expunge(String name, Word word, boolean force) {
        return read("expunging node " + name, connection -> {
            Optional<NodeView> before = one(connection, name);
            if (before.isEmpty()) {
                return new Answer.NoSuchNode();
            }
            NodeView node = before.get();
            if (node.state() == NodeState.EXPUNGED) {
                inTransaction(connection, transaction -> NodeControlTable.awaitChunks(transaction, name));
                return new Answer.Accepted(node);
            }
            if (node.heard() && node.state() != NodeState.DRAINED && !force) {
                return new Answer.Alive(node);
            }
            if (!inTransaction(connection, transaction -> NodeControlTable.expunge(transaction, node, word))) {
                // Started again a moment ago: what was to be taken for dead is gone, and who came instead lives.
                return one(connection, name).<Answer>map(Answer.Alive::new).orElseGet(Answer.NoSuchNode::new);
            }
            inTransaction(connection, transaction -> NodeControlTable.awaitChunks(transaction, name));
            TaskChannel.announce(connection);
            return new Answer.Accepted(one(connection, name).orElseThrow());
        });
    }

    private static boolean inTransaction(Connection connection, Change change) throws SQLException {
        connection.setAutoCommit(false);
        try {
            boolean done = change.in(connection);
            connection.commit();
            return done;
        } catch (SQLException | RuntimeException | Error e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private <T> T read(String doing, Act<T> act) {
        try (Connection connection = database.getConnection()) {
            return act.on(connection);
        } catch (SQLException e) {
            throw new JobFault(doing, e);
        }
    }

    @FunctionalInterface
    private interface Change {
        boolean in(Connection transaction) throws SQLException;
    }

    @FunctionalInterface
    private interface Act<T> {
        T on(Connection connection) throws SQLException;
    }
}
