package org.usageledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.usageledger.api.tls.Trust;

/** What becomes of tokens while their issuer changes its keys, is away, or talks nonsense. */
class IssuerOutageTest {
    private static final String SCOPE = "usage_ledger.read";

    private final TestIssuer issuer = new TestIssuer();
    private TokenCheck check = newCheck(Duration.ofMillis(1));

    private TokenCheck newCheck(Duration interval) {
        KeyFetch fetch = new KeyFetch(issuer.address(), Trust.besidesTheUsual(Optional.empty()));
        return new TokenCheck(issuer.settings(), new IssuerKeys(fetch, interval));
    }

    private void asksSeldom() {
        check.close();
        check = newCheck(IssuerKeys.FETCH_INTERVAL);
    }

    @AfterEach
    void stop() {
        check.close();
        issuer.close();
    }

    private Verdict verdict(String token) {
        return check.check(token, "127.0.0.1");
    }

    private static RSAKey strangersKey() {
        return TestIssuer.newKey("stranger");
    }

    @Test
    void keys_are_asked_for_once_and_kept() {
        for (int i = 0; i < 20; i++) {
            assertThat(verdict(issuer.token(SCOPE))).isInstanceOf(Verdict.Known.class);
        }
        assertThat(issuer.timesAsked()).isEqualTo(1);
    }

    @Test
    void a_new_key_is_found_when_its_first_token_comes() {
        RSAKey before = issuer.key();
        String old = issuer.token(SCOPE);
        assertThat(verdict(old)).isInstanceOf(Verdict.Known.class);

        issuer.rotateTo(TestIssuer.newKey("key-2"), before);

        assertThat(verdict(issuer.token(SCOPE))).isInstanceOf(Verdict.Known.class);
        assertThat(verdict(old)).isInstanceOf(Verdict.Known.class);
        assertThat(issuer.timesAsked()).isEqualTo(2);
    }

    @Test
    void a_key_that_was_withdrawn_is_gone_with_the_next_look() {
        String old = issuer.token(SCOPE);
        assertThat(verdict(old)).isInstanceOf(Verdict.Known.class);

        issuer.rotateTo(TestIssuer.newKey("key-2"));
        assertThat(verdict(issuer.token(SCOPE))).isInstanceOf(Verdict.Known.class);

        assertThat(verdict(old)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void tokens_that_name_unknown_keys_do_not_make_this_service_a_burden() {
        asksSeldom();
        assertThat(verdict(issuer.token(SCOPE))).isInstanceOf(Verdict.Known.class);
        RSAKey stranger = strangersKey();
        for (int i = 0; i < 50; i++) {
            var header = new com.nimbusds.jose.JWSHeader.Builder(com.nimbusds.jose.JWSAlgorithm.RS256)
                    .keyID("unknown-" + i)
                    .build();
            String forged = TestIssuer.signed(header, TestIssuer.claims(SCOPE).build(), stranger);
            assertThat(verdict(forged)).isInstanceOfAny(Verdict.Refused.class, Verdict.KeysUnavailable.class);
        }
        assertThat(issuer.timesAsked()).isLessThanOrEqualTo(4);
        assertThat(verdict(issuer.token(SCOPE))).isInstanceOf(Verdict.Known.class);
    }

    @Test
    void a_key_that_the_issuer_may_have_made_since_it_was_asked_is_not_refused_for_good() {
        asksSeldom();
        RSAKey before = issuer.key();
        assertThat(verdict(issuer.token(SCOPE))).isInstanceOf(Verdict.Known.class);
        RSAKey stranger = strangersKey();
        var header = new com.nimbusds.jose.JWSHeader.Builder(com.nimbusds.jose.JWSAlgorithm.RS256)
                .keyID("unknown")
                .build();
        for (int i = 0; i < 5; i++) {
            verdict(TestIssuer.signed(header, TestIssuer.claims(SCOPE).build(), stranger));
        }
        issuer.rotateTo(TestIssuer.newKey("key-2"), before);

        assertThat(verdict(issuer.token(SCOPE))).isInstanceOf(Verdict.KeysUnavailable.class);
    }

    @Test
    void a_forged_token_under_a_known_keys_name_is_refused_however_many_come() {
        asksSeldom();
        RSAKey stranger = strangersKey();
        var header = new com.nimbusds.jose.JWSHeader.Builder(com.nimbusds.jose.JWSAlgorithm.RS256)
                .keyID(issuer.key().getKeyID())
                .build();
        for (int i = 0; i < 10; i++) {
            assertThat(verdict(
                            TestIssuer.signed(header, TestIssuer.claims(SCOPE).build(), stranger)))
                    .isInstanceOf(Verdict.Refused.class);
        }
    }

    @Nested
    class While_the_issuer_is_no_help {
        private final String before = issuer.token(SCOPE);
        private TestIssuer.Reply usual = TestIssuer.publishing(issuer.key());

        @BeforeEach
        void knows_one_key() {
            assertThat(verdict(before)).isInstanceOf(Verdict.Known.class);
        }

        static Stream<TestIssuer.Reply> nonsense() {
            return Stream.of(
                    TestIssuer.text(500, "down"),
                    TestIssuer.text(404, ""),
                    TestIssuer.text(200, ""),
                    TestIssuer.text(200, "<html>maintenance</html>"),
                    TestIssuer.text(200, "{\"keys\":[]}"),
                    TestIssuer.text(200, "{\"keys\":[{\"kty\":\"RSA\"}]}"),
                    TestIssuer.text(200, "[".repeat(100_000)),
                    TestIssuer.text(200, "{\"keys\":[" + " ".repeat(300 << 10) + "]}"),
                    TestIssuer.publishing(
                            new OctetSequenceKey.Builder(Base64URL.encode("a secret that all may read, of no use"))
                                    .keyID("key-2")
                                    .build()));
        }

        @ParameterizedTest
        @MethodSource("nonsense")
        void known_keys_go_on_and_unknown_ones_are_told_to_come_again(TestIssuer.Reply reply) {
            issuer.rotateTo(TestIssuer.newKey("key-2"));
            usual = TestIssuer.publishing(issuer.key());
            issuer.answersWith(reply);

            assertThat(verdict(issuer.token(SCOPE))).isInstanceOf(Verdict.KeysUnavailable.class);
            assertThat(verdict(before)).isInstanceOf(Verdict.Known.class);

            issuer.answersWith(usual);
            assertThat(verdict(issuer.token(SCOPE))).isInstanceOf(Verdict.Known.class);
        }

        @Test
        void an_answer_that_never_ends_is_given_up() {
            issuer.rotateTo(TestIssuer.newKey("key-2"));
            issuer.answersWith(issuer.stuck());

            assertThat(verdict(issuer.token(SCOPE))).isInstanceOf(Verdict.KeysUnavailable.class);
            assertThat(verdict(before)).isInstanceOf(Verdict.Known.class);
        }

        @Test
        void nobody_is_followed_elsewhere() {
            try (TestIssuer attacker = new TestIssuer()) {
                attacker.rotateTo(TestIssuer.newKey("key-2"));
                issuer.answersWith(exchange -> {
                    exchange.getResponseHeaders()
                            .set("Location", attacker.address().toString());
                    exchange.sendResponseHeaders(302, -1);
                });

                assertThat(verdict(attacker.token(SCOPE))).isInstanceOf(Verdict.KeysUnavailable.class);
                assertThat(attacker.timesAsked()).isZero();
            }
        }
    }

    @Test
    void without_any_key_nobody_is_refused_for_good() {
        asksSeldom();
        issuer.answersWith(TestIssuer.text(503, ""));

        for (int i = 0; i < 5; i++) {
            assertThat(verdict(issuer.token(SCOPE))).isInstanceOf(Verdict.KeysUnavailable.class);
        }
        assertThat(issuer.timesAsked()).isLessThanOrEqualTo(2);
    }

    @Test
    void keys_too_small_to_prove_anything_are_not_taken() throws Exception {
        RSAKey small = new com.nimbusds.jose.jwk.gen.RSAKeyGenerator(1024, true)
                .keyID("key-1")
                .generate();
        issuer.answersWith(TestIssuer.publishing(small));
        var header = new com.nimbusds.jose.JWSHeader.Builder(com.nimbusds.jose.JWSAlgorithm.RS256)
                .keyID("key-1")
                .build();
        com.nimbusds.jwt.SignedJWT token =
                new com.nimbusds.jwt.SignedJWT(header, TestIssuer.claims(SCOPE).build());
        token.sign(new com.nimbusds.jose.crypto.RSASSASigner(
                small.toPrivateKey(), java.util.Set.of(com.nimbusds.jose.crypto.opts.AllowWeakRSAKey.getInstance())));

        assertThat(verdict(token.serialize())).isInstanceOf(Verdict.KeysUnavailable.class);
    }

    @Test
    void keys_on_curves_are_taken() throws Exception {
        ECKey curve = new com.nimbusds.jose.jwk.gen.ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_384)
                .keyID("curve")
                .generate();
        issuer.answersWith(TestIssuer.publishing(curve));
        var header = new com.nimbusds.jose.JWSHeader.Builder(com.nimbusds.jose.JWSAlgorithm.ES384)
                .keyID("curve")
                .build();
        var token =
                new com.nimbusds.jwt.SignedJWT(header, TestIssuer.claims(SCOPE).build());
        token.sign(new com.nimbusds.jose.crypto.ECDSASigner(curve));

        assertThat(verdict(token.serialize())).isInstanceOf(Verdict.Known.class);
    }
}
