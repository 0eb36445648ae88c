package org.usageledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;

/** Tokens that somebody made who cannot sign: none opens anything, each is answered at once and plainly. */
class TokenFuzzTest {
    private static final int ROUNDS = 12;

    private static TestIssuer issuer;
    private static LiveService ledger;

    @BeforeAll
    static void start() {
        issuer = new TestIssuer();
        ledger = LiveService.start(settings -> settings.with(new AccessSettings(issuer.settings(), Optional.empty())));
    }

    @AfterAll
    static void stop() {
        ledger.close();
        issuer.close();
    }

    private static Answer with(String... credentials) {
        HttpRequest.Builder request = ledger.request("/v1/jobs");
        for (String each : credentials) {
            request.header("Authorization", each);
        }
        return ledger.send(request.GET());
    }

    private static void opensNothing(String name, Answer answer) {
        if (answer.problem().equals("keys-unavailable")) {
            // Of a key that nobody knows, when the issuer was asked for others a moment ago.
            return;
        }
        assertThat(answer.status()).as(name + ": " + answer).isIn(400, 401);
        assertThat(answer.header("WWW-Authenticate")).as(name + ": " + answer).startsWith("Bearer ");
        assertThat(answer.header("Content-Type")).as(name).startsWith("application/problem+json");
    }

    @Test
    void none_of_hundreds_of_forged_tokens_opens_anything() {
        long seed = Optional.of(System.getProperty("ledger.seed", ""))
                .filter(text -> !text.isEmpty())
                .map(Long::parseLong)
                .orElseGet(System::nanoTime);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        ForgedTokens forged = new ForgedTokens(issuer, random);
        int seen = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, String> each : forged.all().entrySet()) {
                String name = each.getKey() + " of seed " + seed + ", round " + round;
                opensNothing(name, with("Bearer " + each.getValue()));
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(400);
        assertThat(with("Bearer " + issuer.token("cloud_controller.admin")).status())
                .isEqualTo(200);
    }

    @Test
    void a_header_that_is_no_token_opens_nothing() {
        String good = issuer.token("cloud_controller.admin");
        Map<String, Answer> answers = new TreeMap<>(Map.of(
                "no token", with("Bearer"),
                "an empty token", with("Bearer  "),
                "another scheme", with("Basic Y2xlcms6c2VjcmV0"),
                "no scheme", with(good),
                "a word beyond the token", with("Bearer " + good + " " + good),
                "space within the token", with("Bearer " + good.replace(".", " .")),
                "quotes around the token", with("Bearer \"" + good + "\""),
                "two headers", with("Bearer " + good, "Bearer " + good),
                "two headers, one of them empty", with("Bearer " + good, "")));
        answers.forEach(TokenFuzzTest::opensNothing);
    }

    @Test
    void a_token_of_a_size_that_nobody_needs_is_refused_before_it_is_read() {
        String long1 = "Bearer " + "a".repeat(BearerTokens.TOKEN_CHARACTERS + 1);
        opensNothing("longer than is taken", with(long1));
        Answer beyond = with("Bearer " + "a".repeat(100_000));
        assertThat(beyond.status()).as(beyond.toString()).isBetween(400, 499);
    }

    /** Mutant: a token of any length is read. */
    @Test
    void a_good_token_is_taken_up_to_the_longest_and_no_longer() {
        int empty = padded(0).length();
        // Three bytes become four characters.
        int fits = (BearerTokens.TOKEN_CHARACTERS - "Bearer ".length() - empty) / 4 * 3 - 3;
        Answer taken = with("Bearer " + padded(fits));
        assertThat(taken.status()).as(taken.toString()).isEqualTo(200);

        Answer refused = with("Bearer " + padded(fits + 12));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text()).contains("longer than " + BearerTokens.TOKEN_CHARACTERS + " characters");
    }

    private static String padded(int bytes) {
        return issuer.signed(TestIssuer.claims("usage_ledger.admin")
                .claim("padding", "p".repeat(bytes))
                .build());
    }

    @Test
    void every_algorithm_that_is_taken_is_taken() throws JOSEException {
        List<JWSAlgorithm> taken = new ArrayList<>();
        for (JWSAlgorithm algorithm : IssuerKeys.ALGORITHMS) {
            if (JWSAlgorithm.Family.RSA.contains(algorithm)) {
                SignedJWT token = new SignedJWT(
                        new JWSHeader.Builder(algorithm)
                                .keyID(issuer.key().getKeyID())
                                .build(),
                        TestIssuer.claims("usage_ledger.admin").build());
                token.sign(new RSASSASigner(issuer.key()));
                assertThat(with("Bearer " + token.serialize()).status())
                        .as(algorithm.getName())
                        .isEqualTo(200);
                taken.add(algorithm);
            }
        }
        assertThat(taken).hasSize(6);
    }

    @Test
    void clocks_may_differ_a_little() {
        JWTClaimsSet late = TestIssuer.claims("usage_ledger.admin")
                .expirationTime(java.util.Date.from(
                        java.time.Instant.now().minus(TokenCheck.CLOCK_SKEW).plusSeconds(30)))
                .build();
        assertThat(with("Bearer " + issuer.signed(late)).status()).isEqualTo(200);
    }

    @Test
    void a_token_without_a_keys_id_is_tried_with_the_keys_there_are() {
        RSAKey key = issuer.key();
        JWTClaimsSet claims = TestIssuer.claims("usage_ledger.admin").build();
        String token = TestIssuer.signed(new JWSHeader.Builder(JWSAlgorithm.RS256).build(), claims, key);

        assertThat(with("Bearer " + token).status()).isEqualTo(200);
    }
}
