package org.usageledger.api.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usageledger.api.launcher.LauncherBox.Run;

/** The start that is made once after a build, so that later ones are fast. */
class PreparingStartsTest {
    @TempDir
    private Path folder;

    /** Mutant: the settings of the service to come stay. */
    @Test
    void takes_no_setting_of_the_service_to_come() throws Exception {
        LauncherBox box = new LauncherBox(folder.toRealPath(), Path.of("..", "ledger"));
        box.jdk("25.0.3");
        box.with("LEDGER_TLS_CERTIFICATE", "/etc/ledger.pem")
                .with("LEDGER_TLS_KEY", "/etc/ledger.key")
                .with("LEDGER_NODE", "west")
                .with("LEDGER_DATABASE_URL", "jdbc:postgresql://db/ledger")
                .with("LEDGER_DATABASE_PASSWORD", "with spaces and * and = in it")
                .with("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");

        Run run = box.run("--version");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(Files.readAllLines(box.checkout.resolve("training")))
                .noneMatch(line -> line.startsWith("LEDGER_") || line.startsWith("OTEL_"))
                .anyMatch(line -> line.startsWith("HOME="));
    }
}
