package org.usageledger.api.faults;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.ScratchFolder;
import org.usageledger.postgres.testing.TestDatabase;

/**
 * Services on one database, a process each, killed and started again by name.
 *
 * <p>A kill <em>hits</em> an execution that the killed process has claimed and not ended, once the last of its statements is through.
 */
final class Fleet implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final TestDatabase database;
    private final ExecutionBooks books;
    private final FailureBundle bundle;
    private final Map<String, String> environment;
    private final Path folder;
    private final Map<String, LedgerProcess> nodes = new TreeMap<>();
    private final Map<UUID, Integer> hits = new HashMap<>();

    Fleet(TestDatabase database, FailureBundle bundle, Map<String, String> environment) throws IOException {
        this.database = database;
        this.books = new ExecutionBooks(database);
        this.bundle = bundle;
        this.environment = environment;
        folder = Files.createDirectories(ScratchFolder.fresh("fleet"));
    }

    /** Returns once it answers. */
    LedgerProcess start(String node) {
        Path output = folder.resolve(node + ".log");
        bundle.include(output);
        LedgerProcess process = LedgerProcess.start(database, node, output, environment);
        nodes.put(node, process);
        return process;
    }

    /** How many executions it hit. */
    int kill(String node) throws SQLException {
        long incarnation = books.incarnation(node);
        LedgerProcess process = nodes.remove(node);
        if (process == null) {
            throw new IllegalStateException(node + " does not run");
        }
        process.kill9();
        Await.untilTrue(
                PATIENCE,
                () -> node + " has " + books.connections(node) + " connections",
                () -> books.connections(node) == 0);
        Set<UUID> hit = books.heldBy(node, incarnation);
        hit.forEach(execution -> hits.merge(execution, 1, Integer::sum));
        return hit.size();
    }

    /** Those that run. */
    List<URI> addresses() {
        return nodes.values().stream().map(LedgerProcess::address).toList();
    }

    URI address(String node) {
        LedgerProcess process = nodes.get(node);
        if (process == null) {
            throw new IllegalStateException(node + " does not run");
        }
        return process.address();
    }

    /** How often kills hit an execution. */
    int hits(UUID execution) {
        return hits.getOrDefault(execution, 0);
    }

    /** How often kills hit any. */
    int hits() {
        return hits.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Stops all of them in order; their exit codes. */
    List<Integer> stop() {
        List<Integer> codes = nodes.values().stream().map(LedgerProcess::stop).toList();
        nodes.clear();
        return codes;
    }

    @Override
    public void close() {
        nodes.values().forEach(LedgerProcess::close);
    }
}
