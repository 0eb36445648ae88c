package org.usageledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.api.LiveService;
import org.usageledger.api.access.AccessSettings.Authentication;

/** Tokens as a UAA makes them: the audience is what the scopes begin with, and the client. */
class AudiencesTest {
    private static TestIssuer issuer;
    private static LiveService ledger;

    @BeforeAll
    static void start() {
        issuer = new TestIssuer();
        Authentication.Jwt both = new Authentication.Jwt(
                issuer.address(), TestIssuer.ISSUER, Set.of("usage_ledger", "cloud_controller"), Optional.empty());
        ledger = LiveService.start(settings -> settings.with(new AccessSettings(both, Optional.empty())));
    }

    @AfterAll
    static void stop() {
        ledger.close();
        issuer.close();
    }

    private static String token(String... scopes) {
        List<String> audience = Stream.concat(
                        Stream.of("cf"), Arrays.stream(scopes).map(scope -> scope.substring(0, scope.lastIndexOf('.'))))
                .distinct()
                .toList();
        return "Bearer "
                + issuer.signed(TestIssuer.claims(scopes).audience(audience).build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "usage_ledger.read",
                "cloud_controller.global_auditor",
                "cloud_controller.admin_read_only",
                "cloud_controller.admin"
            })
    void every_scope_for_reading_reads(String scope) {
        assertThat(ledger.get("/v1/events", "Authorization", token("openid.x", scope))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"usage_ledger.admin", "cloud_controller.admin"})
    void every_scope_for_administering_administers(String scope) {
        assertThat(ledger.get("/v1/jobs", "Authorization", token(scope)).status())
                .isEqualTo(200);
    }

    @Test
    void the_scope_for_appending_appends() {
        assertThat(ledger.send(ledger.request("/v1/events", "Authorization", token("usage_ledger.write"))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"events\":[]}")))
                        .status())
                .isNotIn(401, 403);
    }

    @Test
    void a_token_for_somebody_else_proves_nothing() {
        String foreign = issuer.signed(TestIssuer.claims("usage_ledger.read")
                .audience(List.of("cf", "network"))
                .build());

        assertThat(ledger.get("/v1/events", "Authorization", "Bearer " + foreign)
                        .status())
                .isEqualTo(401);
    }
}
