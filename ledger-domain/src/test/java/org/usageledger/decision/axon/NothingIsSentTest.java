package org.usageledger.decision.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;

/** Axon reports to its maker which machine runs it, one second after its start. Here it does not, whatever the environment says. */
class NothingIsSentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Three times as long as it takes where it is not kept from it. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(3);

    private static final String MAKER = "axoniq.io";

    /** A node in a process of its own, and what it said. */
    private record Node(Process process, List<String> said) implements AutoCloseable {
        static Node started(String how) throws IOException {
            String java = ProcessHandle.current().info().command().orElseThrow();
            ProcessBuilder builder = new ProcessBuilder(java, "-Xmx128m", StartingMain.class.getName(), how);
            builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
            builder.environment().put("AXONIQ_UPDATE_CHECKER_DISABLED", "false");
            Process process = builder.redirectErrorStream(true).start();
            List<String> said = new CopyOnWriteArrayList<>();
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            Thread.ofVirtual().start(() -> lines.lines().forEach(said::add));
            Await.untilTrue(
                    PATIENCE,
                    said::toString,
                    () -> said.stream().anyMatch(line -> line.startsWith(StartingMain.STARTED)));
            return new Node(process, said);
        }

        boolean reached() {
            return said.stream().anyMatch(line -> line.startsWith(StartingMain.REACHED) && line.endsWith(MAKER));
        }

        boolean reachedAnything() {
            return said.stream().anyMatch(line -> line.startsWith(StartingMain.REACHED));
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void by_a_node_as_it_is_started() throws Exception {
        try (Node node = Node.started("as-ever")) {
            long begun = System.nanoTime();
            Await.untilTrue(
                    PATIENCE,
                    node.said()::toString,
                    () -> node.reachedAnything() || System.nanoTime() - begun > LONG_ENOUGH.toNanos());

            assertThat(node.said()).noneMatch(line -> line.startsWith(StartingMain.REACHED));
            node.process().getOutputStream().write('.');
            node.process().getOutputStream().flush();
            assertThat(node.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(node.process().exitValue()).isZero();
        }
    }

    @Test
    void would_not_hold_without_the_switch() throws Exception {
        try (Node node = Node.started("unguarded")) {
            Await.untilTrue(PATIENCE, node.said()::toString, node::reached);
        }
    }
}
