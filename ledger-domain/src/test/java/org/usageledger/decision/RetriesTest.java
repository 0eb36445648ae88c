package org.usageledger.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.usageledger.testing.Seed;

/** How often a command is tried, and how long. */
class RetriesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Retries RETRIES = new Retries(3, Duration.ofMillis(50), SECOND);

    /** Mutant: one try more. */
    @Test
    void are_no_more_than_were_said_the_first_one_counted() {
        assertThat(RETRIES.goOn(1, Duration.ZERO)).isTrue();
        assertThat(RETRIES.goOn(2, Duration.ZERO)).isTrue();
        assertThat(RETRIES.goOn(3, Duration.ZERO)).isFalse();
    }

    /** Mutant: no look at the time. */
    @Test
    void end_with_their_deadline_whatever_is_left_of_them() {
        assertThat(RETRIES.goOn(1, SECOND.minusNanos(1))).isTrue();
        assertThat(RETRIES.goOn(1, SECOND)).isFalse();
    }

    /** Mutant: every pause as long as the longest, so that two who collided do again. */
    @Test
    void are_apart_by_any_time_up_to_the_longest_pause() {
        RandomGenerator random = Seed.forRun().generator();
        var pauses = java.util.stream.Stream.generate(() -> RETRIES.pause(random))
                .limit(1_000)
                .toList();

        assertThat(pauses).allMatch(pause -> !pause.isNegative() && pause.compareTo(RETRIES.longestPause()) <= 0);
        assertThat(pauses.stream().distinct().count()).isGreaterThan(900);
        assertThat(new Retries(1, Duration.ZERO, SECOND).pause(random)).isZero();
    }

    @Test
    void are_at_least_one_try_in_no_negative_time() {
        assertThatThrownBy(() -> new Retries(0, SECOND, SECOND)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Retries(1, SECOND.negated(), SECOND)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Retries(1, SECOND, SECOND.negated())).isInstanceOf(IllegalArgumentException.class);
    }
}
