package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudTimeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-31T23:59:59Z",
                "2026-01-31t23:59:59z",
                "2026-01-31T00:00:00.123456789012+23:59",
                "2024-02-29T00:00:00-00:00",
                "2016-12-31T23:59:60Z",
                "2017-01-01T05:29:60.5+05:30",
                "2016-12-31T15:59:60-08:00"
            })
    void times_of_RFC_3339_are_taken(String time) {
        assertThat(CloudTime.isTime(time)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-01T00:00Z",
                "2026-01-01T00:00:00",
                "2026-01-01T00:00:00+01",
                "2026-01-01T00:00:00+01:00:00",
                "2026-01-01T00:00:00.Z",
                "2026-01-01T24:00:00Z",
                "2026-01-01 00:00:00Z",
                "2026-02-29T00:00:00Z",
                "2016-12-31T23:58:60Z",
                "2016-12-31T23:59:60+01:00",
                "+12026-01-01T00:00:00Z",
                "now"
            })
    void others_are_not(String time) {
        assertThat(CloudTime.isTime(time)).isFalse();
    }
}
