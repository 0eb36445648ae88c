package org.usageledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallerTest {
    private static Caller of(String subject, String client) {
        return new Caller(
                Optional.of(subject).filter(text -> !text.isEmpty()),
                Optional.of(client).filter(text -> !text.isEmpty()),
                "127.0.0.1",
                Set.of());
    }

    @Test
    void is_named_by_subject_and_client() {
        assertThat(of("clerk", "cf").name()).isEqualTo("clerk by cf");
        assertThat(of("feeder", "feeder").name()).isEqualTo("feeder");
        assertThat(of("", "feeder").name()).isEqualTo("feeder");
        assertThat(of("", "").name()).isEqualTo("unauthenticated");
    }

    @Test
    void two_names_are_never_one_key() {
        assertThat(of("a b", "c").key()).isNotEqualTo(of("a", "b c").key());
    }

    @Test
    void names_are_kept_short_and_harmless() {
        assertThat(Caller.bounded("a\u001b[2J\nb\0c\ud800d", 255)).isEqualTo("a?[2J?b?c?d");
        assertThat(Caller.bounded("ab\ud83d\ude00", 3)).isEqualTo("ab");
        assertThat(Caller.bounded("x".repeat(1_000), 255)).hasSize(255);
        assertThat(of("s".repeat(255), "c".repeat(255)).name()).hasSize(255);
    }
}
