package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.cli.StandIn.Reply;

@Timeout(120)
class InterruptedAppendTest {
    private final CountDownLatch second = new CountDownLatch(2);
    private final CountDownLatch over = new CountDownLatch(1);

    @Test
    void says_how_far_it_came_and_how_to_go_on() throws Exception {
        try (StandIn service = new StandIn(asked -> answerOnce())) {
            Process append = start(service);
            try (var input = append.getOutputStream()) {
                for (int event = 1; event <= 5_001; event++) {
                    input.write(("{\"kind\":\"app\",\"guid\":\"" + event + "\"}\n").getBytes(StandardCharsets.UTF_8));
                }
            }
            assertThat(second.await(60, TimeUnit.SECONDS)).as("two requests").isTrue();
            append.toHandle().destroy();
            String said = new String(append.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            over.countDown();

            assertThat(append.waitFor(30, TimeUnit.SECONDS)).as("ended").isTrue();
            assertThat(said)
                    .contains("Everything up to event ")
                    .contains("--skip ")
                    .doesNotContain("\tat ");
        }
    }

    private Reply answerOnce() {
        second.countDown();
        try {
            if (second.getCount() == 0) {
                over.await(60, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Reply.json("{\"recorded\":1,\"duplicates\":0,\"suppressed\":0,\"head\":\"1-1-0\"}");
    }

    private static Process start(StandIn service) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
        builder.environment().put("LEDGER_URL", service.url());
        return builder.start();
    }

    /** The command in a process of its own. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) {
            System.exit(LedgerCommand.run(
                    Terminal.ofProcess(),
                    (settings, progress) -> {
                        throw new CommandFailed("nothing to serve in this test");
                    },
                    CommandRun.UNMEASURED,
                    "append",
                    "-"));
        }
    }
}
