package org.usageledger.api.guide;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.usageledger.api.guide.Guide.Answer;

class ExpectedTest {

    @Test
    void text_is_taken_word_for_word_but_for_the_dots() {
        assertThat(Expected.matches(new Answer(false, "at … of 3\n"), "at 2 of 3\n"))
                .isTrue();
        assertThat(Expected.matches(new Answer(false, "at … of 3\n"), "at 2 of 4\n"))
                .isFalse();
        assertThat(Expected.matches(new Answer(false, "a\n…\nz\n"), "a\nb\nc\nz\n"))
                .isTrue();
        assertThat(Expected.matches(new Answer(false, "a\n…\nz\n"), "a\nb\nc\n"))
                .isFalse();
        assertThat(Expected.matches(new Answer(false, "a\n"), "a\nb\n")).isFalse();
    }

    @Test
    void json_is_compared_as_json_and_has_no_field_that_is_not_shown() {
        Answer shown = new Answer(true, "{\"a\": \"…\", \"b\": [1, {\"c\": 2, \"…\": \"…\"}]}");

        assertThat(Expected.matches(shown, "{\"b\":[1,{\"c\":2,\"d\":3}],\"a\":7}"))
                .isTrue();
        assertThat(Expected.matches(shown, "{\"b\":[1,{\"c\":2}],\"a\":7,\"e\":0}"))
                .isFalse();
        assertThat(Expected.matches(shown, "{\"b\":[1,{\"c\":3}],\"a\":7}")).isFalse();
        assertThat(Expected.matches(shown, "{\"b\":[1,{\"c\":2}]}")).isFalse();
        assertThat(Expected.matches(shown, "nothing")).isFalse();
    }
}
