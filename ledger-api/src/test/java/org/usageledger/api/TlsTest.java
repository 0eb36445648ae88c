package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.usageledger.api.tls.ServerTls;
import org.usageledger.api.tls.TestCertificate;
import org.usageledger.api.tls.Trust;
import org.usageledger.postgres.testing.Await;

/** HTTPS from two PEM files. */
class TlsTest {
    @TempDir
    static Path folder;

    private static TestCertificate rsa;

    @BeforeAll
    static void make() throws Exception {
        rsa = TestCertificate.in(folder, "rsa", "RSA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void is_spoken_to_whoever_trusts_the_certificate(String algorithm) throws Exception {
        TestCertificate shown = TestCertificate.in(folder, "shown-" + algorithm, algorithm);
        try (LiveService ledger = LiveService.start(settings -> settings.with(shown.settings()));
                HttpClient trusting = HttpClient.newBuilder()
                        .sslContext(Trust.besidesTheUsual(Optional.of(shown.certificate())))
                        .build();
                HttpClient wary = HttpClient.newHttpClient()) {
            assertThat(ledger.uri("/").getScheme()).isEqualTo("https");
            HttpRequest request =
                    HttpRequest.newBuilder(ledger.uri("/v1/events")).build();

            assertThat(trusting.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> wary.send(request, BodyHandlers.ofString()))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    private static boolean isTrusted(LiveService ledger, TestCertificate shown) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(Trust.besidesTheUsual(Optional.of(shown.certificate())))
                .build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(ledger.uri("/health/liveness")).build();
            return client.send(request, BodyHandlers.ofString()).statusCode() == 200;
        } catch (SSLHandshakeException _) {
            return false;
        }
    }

    /** Mutant: the files read once. */
    @Test
    void shows_renewed_files_without_a_new_start() throws Exception {
        TestCertificate first = TestCertificate.in(folder, "first", "EC");
        TestCertificate second = TestCertificate.in(folder, "second", "EC");
        Path certificate = Files.copy(first.certificate(), folder.resolve("renewed.pem"));
        Path key = Files.copy(first.key(), folder.resolve("renewed.key"));
        ServerTls renewed = new ServerTls(certificate, key, Duration.ofMillis(200));
        try (LiveService ledger = LiveService.start(settings -> settings.with(renewed))) {
            assertThat(isTrusted(ledger, first)).isTrue();
            assertThat(isTrusted(ledger, second)).isFalse();

            Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);

            Await.untilTrue(
                    Duration.ofMinutes(1), () -> "the first certificate still", () -> isTrusted(ledger, second));
            assertThat(isTrusted(ledger, first)).isFalse();
        }
    }

    /** Mutant: whatever the files hold is shown. */
    @Test
    void goes_on_with_what_it_had_until_a_renewed_key_has_its_certificate() throws Exception {
        TestCertificate first = TestCertificate.in(folder, "before", "EC");
        TestCertificate second = TestCertificate.in(folder, "after", "EC");
        Path certificate = Files.copy(first.certificate(), folder.resolve("halfway.pem"));
        Path key = Files.copy(first.key(), folder.resolve("halfway.key"));
        ServerTls renewed = new ServerTls(certificate, key, Duration.ofMillis(50));
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(ShownCertificate.class);
        lines.start();
        logger.addAppender(lines);
        try (LiveService ledger = LiveService.start(settings -> settings.with(renewed))) {
            Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING);
            Await.untilTrue(
                    Duration.ofMinutes(1),
                    lines.list::toString,
                    () -> lines.list.stream().anyMatch(line -> line.getMessage().contains("do not belong together")));
            assertThat(isTrusted(ledger, first)).isTrue();

            Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
            Await.untilTrue(
                    Duration.ofMinutes(1), () -> "the first certificate still", () -> isTrusted(ledger, second));
        } finally {
            logger.detachAppender(lines);
        }
    }

    private static void isRefused(ServerTls files, String sentence) {
        assertThatThrownBy(() ->
                        LiveService.start(settings -> settings.with(files)).close())
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(sentence)
                .hasMessageEndingWith(".");
    }

    @Test
    void files_that_are_not_there_are_refused() {
        isRefused(new ServerTls(folder.resolve("none"), rsa.key()), "cannot be read");
        isRefused(new ServerTls(rsa.certificate(), folder.resolve("none")), "cannot be read");
    }

    @Test
    void files_that_hold_something_else_are_refused() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "hello\n");
        isRefused(new ServerTls(text, rsa.key()), "certificate");
        isRefused(new ServerTls(rsa.certificate(), text), "no PEM file of a private key");
        isRefused(new ServerTls(rsa.certificate(), rsa.certificate()), "no PEM file of a private key");
    }

    @Test
    void a_key_that_is_not_the_certificates_is_refused() throws Exception {
        TestCertificate other = TestCertificate.in(folder, "other", "RSA");
        TestCertificate curve = TestCertificate.in(folder, "curve", "EC");
        isRefused(new ServerTls(rsa.certificate(), other.key()), "is not that of");
        isRefused(new ServerTls(rsa.certificate(), curve.key()), "is not that of");
    }
}
