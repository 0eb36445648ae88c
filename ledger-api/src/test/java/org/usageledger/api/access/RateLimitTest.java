package org.usageledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;

class RateLimitTest {
    private static final AccessSettings.Rate RATE = new AccessSettings.Rate(2, 3);

    private final AtomicLong nanos = new AtomicLong();
    private final TimeMeter clock = new TimeMeter() {
        @Override
        public long currentTimeNanos() {
            return nanos.get();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    };
    private final RateLimit limit = new RateLimit(Optional.of(RATE), clock);

    private static Caller named(String subject) {
        return new Caller(Optional.of(subject), Optional.empty(), "127.0.0.1", Set.of());
    }

    private int spendAll(Caller caller) {
        int spent = 0;
        while (spent < 100 && limit.spend(caller).isEmpty()) {
            spent++;
        }
        return spent;
    }

    @Test
    void a_burst_then_so_many_a_second() {
        assertThat(spendAll(named("a"))).isEqualTo(3);
        assertThat(limit.spend(named("a"))).contains(Duration.ofMillis(500));

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(spendAll(named("a"))).isEqualTo(2);

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(spendAll(named("a"))).isEqualTo(3);
    }

    @Test
    void each_caller_has_their_own_whatever_address_they_come_from() {
        assertThat(spendAll(named("a"))).isEqualTo(3);
        assertThat(spendAll(named("b"))).isEqualTo(3);
        assertThat(spendAll(Caller.at("a"))).isEqualTo(3);
        Caller elsewhere = new Caller(Optional.of("a"), Optional.empty(), "192.0.2.1", Set.of());
        assertThat(spendAll(elsewhere)).isZero();
    }

    @Test
    void no_more_callers_are_remembered_than_there_is_room_for() {
        for (int i = 0; i < 3 * RateLimit.CALLERS; i++) {
            assertThat(limit.spend(Caller.at("192.0.2." + i))).isEmpty();
        }
        assertThat(limit.remembered()).isLessThanOrEqualTo(RateLimit.CALLERS);
    }

    @Test
    void without_a_setting_nobody_is_limited() {
        RateLimit none = new RateLimit(Optional.empty(), clock);
        for (int i = 0; i < 100; i++) {
            assertThat(none.spend(named("a"))).isEmpty();
        }
    }

    @Nested
    class At_the_service {
        private static final AccessSettings.Rate SELDOM = new AccessSettings.Rate(1, 4);

        @Test
        void who_asks_too_often_is_told_when_to_come_again() {
            try (LiveService ledger = LiveService.start(settings ->
                    settings.with(new AccessSettings(new AccessSettings.Authentication.None(), Optional.of(SELDOM))))) {
                Answer last = ledger.get("/v1/events");
                for (int i = 0; i < 50 && last.status() == 200; i++) {
                    last = ledger.get("/v1/events");
                }
                assertThat(last.status()).as(last.toString()).isEqualTo(429);
                assertThat(last.problem()).isEqualTo("rate-limited");
                assertThat(Integer.parseInt(last.header("Retry-After"))).isBetween(1, 2);
                assertThat(ledger.get("/health/liveness").status())
                        .as("who keeps the service running is never turned away")
                        .isEqualTo(200);
            }
        }

        @Test
        void what_is_public_and_no_probe_counts_for_where_it_is_asked_from() {
            try (LiveService ledger = LiveService.start(settings ->
                    settings.with(new AccessSettings(new AccessSettings.Authentication.None(), Optional.of(SELDOM))))) {
                Answer last = ledger.get("/openapi");
                for (int i = 0; i < 50 && last.status() == 200; i++) {
                    last = ledger.get("/openapi/page/swagger-ui.css");
                }
                assertThat(last.status()).as(last.toString()).isEqualTo(429);
                assertThat(ledger.get("/health/readiness").status()).isEqualTo(200);
            }
        }

        @Test
        void tokens_that_cannot_be_looked_at_count_too() {
            try (TestIssuer issuer = new TestIssuer();
                    LiveService ledger = LiveService.start(
                            settings -> settings.with(new AccessSettings(issuer.settings(), Optional.of(SELDOM))))) {
                issuer.answersWith(TestIssuer.text(503, ""));
                String token = "Bearer " + issuer.token("usage_ledger.read");
                Answer last = ledger.get("/v1/events", "Authorization", token);
                for (int i = 0; i < 50 && last.status() == 503; i++) {
                    last = ledger.get("/v1/events", "Authorization", token);
                }
                assertThat(last.status()).as(last.toString()).isEqualTo(429);
            }
        }

        @Test
        void bad_tokens_count_for_where_they_come_from_and_good_ones_for_who_sends_them() {
            try (TestIssuer issuer = new TestIssuer();
                    LiveService ledger = LiveService.start(
                            settings -> settings.with(new AccessSettings(issuer.settings(), Optional.of(SELDOM))))) {
                Answer last = ledger.get("/v1/events", "Authorization", "Bearer x");
                for (int i = 0; i < 50 && last.status() == 401; i++) {
                    last = ledger.get("/v1/events", "Authorization", "Bearer x");
                }
                assertThat(last.status()).isEqualTo(429);
                assertThat(ledger.get("/v1/events", "Authorization", "Bearer " + issuer.token("usage_ledger.read"))
                                .status())
                        .isEqualTo(200);
            }
        }
    }
}
