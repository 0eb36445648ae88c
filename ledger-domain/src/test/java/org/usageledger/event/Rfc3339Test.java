package org.usageledger.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.testing.Seed;

class Rfc3339Test {

    @Test
    void every_time_that_the_platform_can_write_is_read_as_the_general_formatter_reads_it() {
        RandomGenerator random = Seed.forRun().generator();
        for (int i = 0; i < 20_000; i++) {
            OffsetDateTime time = OffsetDateTime.ofInstant(
                    Instant.ofEpochSecond(random.nextLong(86_400, 253_402_200_000L), random.nextInt(1_000_000_000)),
                    ZoneOffset.ofTotalSeconds(60 * random.nextInt(-1079, 1080)));
            String text = time.withSecond(time.getSecond()).toString();
            if (text.length() >= 20 && time.getYear() >= 1970) {
                assertThat(Rfc3339.parse(text)).as(text).contains(time.toInstant());
            }
        }
    }

    @Test
    void the_first_and_the_last_moment_are_taken() {
        assertThat(Rfc3339.parse("1970-01-01T00:00:00Z")).contains(Instant.EPOCH);
        assertThat(Rfc3339.parse("9999-12-31T23:59:59.999999999Z"))
                .contains(Instant.parse("9999-12-31T23:59:59.999999999Z"));
        assertThat(Rfc3339.parse("2024-02-29t12:00:00.5-00:30")).contains(Instant.parse("2024-02-29T12:30:00.5Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026",
                "2026-01-02T03:04:05",
                "2026-01-02 03:04:05Z",
                "2026-01-02T03:04Z",
                "2026-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-00-01T00:00:00Z",
                "2026-01-01T24:00:00Z",
                "2026-01-01T00:60:00Z",
                "2026-01-01T00:00:60Z",
                "2026-01-01T00:00:00.Z",
                "2026-01-01T00:00:00.1234567890Z",
                "2026-01-01T00:00:00+1",
                "2026-01-01T00:00:00+0100",
                "2026-01-01T00:00:00+24:00",
                "2026-01-01T00:00:00*01:00",
                "2026-01-01T00:00:00ZZ",
                "+2026-01-01T00:00:00Z",
                "2026-1-001T00:00:00Z",
                "1969-12-31T23:59:59Z",
                "9999-12-31T23:59:59-00:01",
                "1970-01-01T00:00:00+00:01",
                "２０２６-01-01T00:00:00Z",
            })
    void nothing_else_is(String text) {
        assertThat(Rfc3339.parse(text)).isEmpty();
    }
}
