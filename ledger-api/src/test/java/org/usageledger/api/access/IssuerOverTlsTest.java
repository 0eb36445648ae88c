package org.usageledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.api.access.AccessSettings.Authentication;
import org.usageledger.api.tls.TestCertificate;

/** An issuer whose certificate no authority of the JDK's vouches for. */
class IssuerOverTlsTest {
    @TempDir
    private Path folder;

    private static Answer ask(TestIssuer issuer, Optional<Path> authorities) {
        Authentication.Jwt usual = issuer.settings();
        Authentication.Jwt trusting =
                new Authentication.Jwt(usual.keys(), usual.issuer(), usual.audiences(), authorities);
        try (LiveService ledger =
                LiveService.start(settings -> settings.with(new AccessSettings(trusting, Optional.empty())))) {
            return ledger.get("/v1/events", "Authorization", "Bearer " + issuer.token("usage_ledger.read"));
        }
    }

    /** Mutants: the authorities of the setting left out; everybody trusted. */
    @Test
    void gives_its_keys_to_a_service_that_was_told_whom_to_trust_and_to_no_other() throws Exception {
        TestCertificate shown = TestCertificate.in(folder, "issuer", "EC");
        TestCertificate other = TestCertificate.in(folder, "other", "EC");
        try (TestIssuer issuer = TestIssuer.showing(shown)) {
            assertThat(ask(issuer, Optional.of(shown.certificate())).status()).isEqualTo(200);

            assertThat(ask(issuer, Optional.empty()).problem()).isEqualTo("keys-unavailable");
            assertThat(ask(issuer, Optional.of(other.certificate())).problem()).isEqualTo("keys-unavailable");
        }
    }
}
