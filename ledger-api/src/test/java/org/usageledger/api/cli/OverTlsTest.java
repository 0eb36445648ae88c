package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.usageledger.api.LiveService;
import org.usageledger.api.access.AccessSettings;
import org.usageledger.api.access.TestIssuer;
import org.usageledger.api.tls.TestCertificate;

/** The commands against a service that asks who they are and speaks HTTPS. */
@Timeout(180)
class OverTlsTest {
    @TempDir
    private Path folder;

    @Test
    void a_command_trusts_the_authority_it_is_given_and_sends_its_token() throws Exception {
        TestCertificate shown = TestCertificate.in(folder, "shown", "EC");
        try (TestIssuer issuer = new TestIssuer();
                LiveService ledger = LiveService.start(settings -> settings.with(shown.settings())
                        .with(new AccessSettings(issuer.settings(), Optional.empty())))) {
            CommandRun.Builder command = new CommandRun.Builder()
                    .with("LEDGER_URL", ledger.uri("").toString())
                    .with("LEDGER_TOKEN", issuer.token("usage_ledger.read"));

            CommandRun wary = command.run("events");
            assertThat(wary.code()).isEqualTo(1);
            assertThat(wary.err()).contains("LEDGER_CA");

            command.with("LEDGER_CA", shown.certificate().toString());
            assertThat(command.run("events").code()).isZero();
            CommandRun refused = command.run("executions");
            assertThat(refused.code()).as(refused.err()).isEqualTo(1);
            assertThat(refused.err()).contains("usage_ledger.admin");

            command.with("LEDGER_CA", folder.resolve("none").toString());
            assertThat(command.run("events").err()).contains("LEDGER_CA").contains("cannot be read");
        }
    }
}
