package org.usageledger.postgres.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void looks_until_what_is_waited_for_is_ready() {
        Queue<Await.Seen<String>> looks = new ArrayDeque<>(List.of(
                new Await.Seen.NotYet<>("nothing"), new Await.Seen.NotYet<>("half"), new Await.Seen.Ready<>("whole")));
        assertThat(Await.<String>until(LONG, looks::remove)).isEqualTo("whole");
        assertThat(looks).isEmpty();
    }

    @Test
    void looks_once_even_when_there_is_no_time() {
        assertThat(Await.<Integer>until(Duration.ZERO, () -> new Await.Seen.Ready<>(7)))
                .isEqualTo(7);
    }

    @Test
    void says_at_the_deadline_how_long_it_waited_and_what_it_saw_last() {
        AtomicInteger looks = new AtomicInteger();
        assertThatThrownBy(() -> Await.<Integer>until(
                        Duration.ofMillis(30), () -> new Await.Seen.NotYet<>("look " + looks.incrementAndGet())))
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("not so after \\d+ ms; last seen: look \\d+")
                .hasMessageEndingWith("look " + looks.get());
        assertThat(looks.get()).isGreaterThan(1);
    }

    @Test
    void ends_at_once_when_it_cannot_come_any_more() {
        IOException cause = new IOException("the disk is gone");
        assertThatThrownBy(() -> Await.<Integer>until(LONG, () -> new Await.Seen.Failed<>(cause)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the disk is gone")
                .hasCause(cause);
    }

    @Test
    void ends_at_once_when_the_look_throws() {
        IOException cause = new IOException("cannot look");
        assertThatThrownBy(() -> Await.<Integer>until(LONG, () -> {
                    throw cause;
                }))
                .isInstanceOf(AssertionError.class)
                .hasCause(cause);
    }

    @Test
    void a_condition_is_described_while_it_does_not_hold() {
        assertThatThrownBy(() -> Await.untilTrue(Duration.ZERO, () -> "still dark", () -> false))
                .hasMessageEndingWith("last seen: still dark");
    }

    @Test
    void an_interrupt_ends_the_wait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Await.untilTrue(LONG, () -> "waiting", () -> false))
                .hasMessageStartingWith("interrupted");
    }
}
