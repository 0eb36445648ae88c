package org.usageledger.jobs.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.testing.Seed;

class CronTextTest {
    private static final String CHARACTERS = "0123456789*,/-?LW#@ABCMONFRIjan %$";

    private static CronText.Read.Wrong wrong(String text) {
        assertThat(CronText.read(text)).isInstanceOf(CronText.Read.Wrong.class);
        return (CronText.Read.Wrong) CronText.read(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "60 * * * *|minute|60",
                "*/0 * * * *|minute|*/0",
                "5-1 * * * *|minute|5-1",
                "1,,2 * * * *|minute|1,,2",
                "3-/ * * * *|minute|3-/",
                "0 24 * * *|hour|24",
                "0 0 0 * *|day of month|0",
                "0 0 L * *|day of month|L",
                "0 0 * 13 *|month|13",
                "0 0 * * 8|day of week|8",
                "0 0 * * someday|day of week|someday"
            })
    void a_field_that_is_wrong_is_named_with_what_it_takes(String text, String field, String part) {
        assertThat(wrong(text).field()).contains(field);
        assertThat(wrong(text).problem()).startsWith("The cron expression's " + field + " is \"" + part + "\"; give ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "* * * *", "0 0 * * * *", "@daily"})
    void too_few_or_too_many_fields_are_counted(String text) {
        assertThat(wrong(text).field()).isEmpty();
        assertThat(wrong(text).problem()).contains("give five");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 31 4 *", "0 0 30 FEB *"})
    void what_is_never_due_is_refused(String text) {
        assertThat(wrong(text).problem()).contains("never due");
    }

    @Test
    void what_is_too_long_is_not_looked_at() {
        assertThat(wrong("*".repeat(256)).problem()).contains("255 characters");
    }

    @Test
    void spaces_are_made_even() {
        assertThat(CronText.read("  0\t3  * *   MON-FRI "))
                .isInstanceOfSatisfying(
                        CronText.Read.Good.class,
                        good -> assertThat(good.cron().text()).isEqualTo("0 3 * * MON-FRI"));
    }

    @Test
    void no_text_is_more_than_refused() {
        RandomGenerator random = Seed.forRun().generator();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder part = new StringBuilder();
            for (int length = 1 + random.nextInt(6); length > 0; length--) {
                part.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
            }
            String text = "* ".repeat(random.nextInt(5)) + part + " *".repeat(random.nextInt(5));
            assertThat(CronText.read(text)).as(text).isNotNull();
        }
    }
}
