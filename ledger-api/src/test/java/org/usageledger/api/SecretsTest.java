package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.api.access.AccessSettings;
import org.usageledger.api.access.TestIssuer;

/** Whatever goes wrong, no token and no password stands in the log or in an answer, even where everything is logged. */
class SecretsTest {
    private final List<Answer> answers = new ArrayList<>();

    @Test
    void stand_in_no_log_and_no_answer() {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        Logger ours = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("org.usageledger");
        Level level = ours.getLevel();
        List<String> secrets = new ArrayList<>();
        try (TestIssuer issuer = new TestIssuer()) {
            System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
            ours.setLevel(Level.TRACE);
            live(issuer, secrets);
        } finally {
            ours.setLevel(level);
            System.setErr(before);
        }

        String written = log + answers.toString();
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("failed, id");
        for (String secret : secrets) {
            assertThat(secret).hasSizeGreaterThan(7);
            assertThat(written.contains(secret))
                    .as("a secret of " + secret.length() + " characters")
                    .isFalse();
        }
    }

    private void live(TestIssuer issuer, List<String> secrets) {
        String good = issuer.token("usage_ledger.admin", "usage_ledger.read");
        String forged = good.substring(0, good.length() - 20) + "A".repeat(20);
        try (LiveService ledger =
                LiveService.start(settings -> settings.with(new AccessSettings(issuer.settings(), Optional.empty())))) {
            for (String token : List.of(good, forged, issuer.token("unrelated"))) {
                secrets.add(token.substring(token.lastIndexOf('.') + 1));
                secrets.add(token.split("\\.", -1)[1]);
                everywhere(ledger, "Bearer " + token);
                everywhere(ledger, "Basic " + token);
            }
            String password = ledger.database().serviceAddress().password();
            if (!password.isEmpty()) {
                secrets.add(password);
            }
            takeAway(ledger, "alter table usage_event rename to gone_usage_event");
            takeAway(ledger, "alter table audit_outcome rename to gone_audit_outcome");
            takeAway(ledger, "alter table job_execution rename to gone_job_execution");
            everywhere(ledger, "Bearer " + good);
        }
    }

    private static void takeAway(LiveService ledger, String renaming) {
        try (Connection connection = ledger.database().open();
                Statement statement = connection.createStatement()) {
            statement.execute(renaming);
        } catch (SQLException e) {
            throw new IllegalStateException("taking a table away", e);
        }
    }

    private void everywhere(LiveService ledger, String credentials) {
        for (String path :
                List.of("/v1/events", "/v1/jobs", "/v1/audit", "/health", "/nothing", "/v1/events?limit=x")) {
            answers.add(ledger.get(path, "Authorization", credentials));
        }
        answers.add(ledger.send(ledger.request("/v1/jobs/check/executions", "Authorization", credentials)
                .POST(BodyPublishers.noBody())));
    }
}
