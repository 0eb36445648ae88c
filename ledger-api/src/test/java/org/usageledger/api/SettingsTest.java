package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.usageledger.api.events.IngestLimits;
import org.usageledger.event.EventLimits;
import org.usageledger.log.AppenderLimits;
import org.usageledger.postgres.DatabaseAddress;

class SettingsTest {
    private static Settings from(Map<String, String> environment) {
        return Settings.fromEnvironment(
                new DatabaseAddress("jdbc:postgresql://localhost/x", "x", "x"), environment, () -> "a node");
    }

    @Test
    void that_are_not_set_have_their_defaults() {
        assertThat(from(Map.of()).appender()).isEqualTo(AppenderLimits.DEFAULT);
        assertThat(from(Map.of()).ingest()).isEqualTo(IngestLimits.DEFAULT);
    }

    @Test
    void of_what_is_appended_are_each_read_from_their_variable() {
        Map<String, String> environment = Map.of(
                "LEDGER_REQUEST_BYTES", "2000000",
                "LEDGER_APPEND_MEMORY", "5000000000",
                "LEDGER_BODY_SECONDS", "7",
                "LEDGER_QUEUE_EVENTS", "11",
                "LEDGER_QUEUE_BYTES", "3000000000",
                "LEDGER_TRANSACTION_EVENTS", "12",
                "LEDGER_TRANSACTION_BYTES", "70000",
                "LEDGER_APPEND_SECONDS", "20",
                "LEDGER_LOCK_SECONDS", "5");

        assertThat(from(environment).ingest())
                .isEqualTo(new IngestLimits(
                        2_000_000, 10_000, EventLimits.DEFAULT, 5_000_000_000L, Duration.ofSeconds(7)));
        assertThat(from(environment).appender())
                .isEqualTo(new AppenderLimits(
                        11, 3_000_000_000L, 12, 70_000, Duration.ofSeconds(20), Duration.ofSeconds(5)));
    }

    @Test
    void leave_room_for_each_other() {
        assertThat(from(Map.of("LEDGER_REQUEST_BYTES", "1000000000")).ingest().appendMemory())
                .isEqualTo(1_000_000_000);
        assertThat(from(Map.of("LEDGER_APPEND_SECONDS", "2")).appender().lockTimeout())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({
        "LEDGER_APPEND_MEMORY, 16000000",
        "LEDGER_BODY_SECONDS, 0",
        "LEDGER_QUEUE_EVENTS, 0",
        "LEDGER_QUEUE_EVENTS, many",
        "LEDGER_QUEUE_BYTES, 128 MiB",
        "LEDGER_TRANSACTION_EVENTS, -1",
        "LEDGER_TRANSACTION_BYTES, 99999999999999999999",
        "LEDGER_APPEND_SECONDS, 1",
        "LEDGER_LOCK_SECONDS, 10"
    })
    void that_cannot_be_are_refused_by_name(String name, String value) {
        assertThatThrownBy(() -> from(Map.of(name, value)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(name + " is \"" + value + "\"; set it to a whole number from ");
    }
}
