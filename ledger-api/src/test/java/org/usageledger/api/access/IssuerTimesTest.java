package org.usageledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.tls.Trust;
import org.usageledger.postgres.testing.Await;

/** When the issuer's keys are fetched anew, and how long they go on without it; the time is told, not waited for. */
@Timeout(120)
class IssuerTimesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestIssuer issuer = new TestIssuer();
    private final IssuerKeys keys = new IssuerKeys(
            new KeyFetch(issuer.address(), Trust.besidesTheUsual(Optional.empty())), IssuerKeys.FETCH_INTERVAL);
    private final long began = System.currentTimeMillis();

    @AfterEach
    void stop() {
        keys.close();
        issuer.close();
    }

    private JWKSet keysAfter(Duration passed) throws KeySourceException {
        return keys.sets().getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), began + passed.toMillis(), null);
    }

    private void awaitAsked(int times) {
        Await.untilTrue(PATIENCE, () -> "asked " + issuer.timesAsked() + " times", () -> issuer.timesAsked() == times);
    }

    /** Mutant: not renewed ahead. */
    @Test
    void in_their_last_minute_they_are_renewed_while_those_there_are_go_on() throws KeySourceException {
        JWKSet first = keysAfter(Duration.ZERO);
        assertThat(keysAfter(Duration.ofMinutes(3))).isSameAs(first);
        assertThat(issuer.timesAsked()).isEqualTo(1);

        issuer.rotateTo(TestIssuer.newKey("key-2"));
        keysAfter(Duration.ofSeconds(250));

        awaitAsked(2);
        Await.untilTrue(
                PATIENCE,
                () -> "the first keys still",
                () -> keysAfter(Duration.ofSeconds(251)).getKeyByKeyId("key-2") != null);
    }

    /** Mutant: kept for an hour. */
    @Test
    void after_five_minutes_a_key_that_was_withdrawn_is_taken_no_more() throws KeySourceException {
        keysAfter(Duration.ZERO);
        issuer.rotateTo(TestIssuer.newKey("key-2"));

        JWKSet renewed = keysAfter(Duration.ofMinutes(5).plusSeconds(1));

        assertThat(renewed.getKeyByKeyId("key-1")).isNull();
        assertThat(renewed.getKeyByKeyId("key-2")).isNotNull();
    }

    /** Mutants: no outage borne; one borne for ever. */
    @Test
    void while_the_issuer_is_away_they_go_on_for_four_hours_and_no_longer() throws KeySourceException {
        keysAfter(Duration.ZERO);
        issuer.answersWith(TestIssuer.text(503, ""));

        assertThat(keysAfter(Duration.ofMinutes(4 * 60 - 1)).getKeyByKeyId("key-1"))
                .isNotNull();
        assertThatThrownBy(() -> keysAfter(Duration.ofMinutes(4 * 60 + 6)))
                .isInstanceOf(JWKSetUnavailableException.class);

        issuer.answersWith(TestIssuer.publishing(issuer.key()));
        assertThat(keysAfter(Duration.ofMinutes(4 * 60 + 7)).getKeyByKeyId("key-1"))
                .isNotNull();
    }
}
