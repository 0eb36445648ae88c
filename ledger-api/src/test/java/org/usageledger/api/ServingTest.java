package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.api.cli.CommandFailed;
import org.usageledger.api.cli.ServeSettings;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.Durability;

class ServingTest {
    private static final DatabaseAddress DATABASE = new DatabaseAddress("jdbc:postgresql://db/ledger", "clerk", "");
    private static final Durability.Reason NO_CHECKSUMS =
            new Durability.Reason("data_checksums", "off", "damage is not noticed", "enable them");

    private final List<String> told = new ArrayList<>();

    @Test
    void a_durable_database_that_the_operator_should_know_more_of_is_served_and_told_of() {
        Serving.admit(DATABASE, new Durability.Durable(List.of(NO_CHECKSUMS)), told::add);

        assertThat(told)
                .containsExactly("Warning: of the database at jdbc:postgresql://db/ledger, data_checksums is off"
                        + " (damage is not noticed): enable them.");
    }

    @Test
    void the_node_name_that_is_set_wins_over_the_one_that_is_kept() {
        assertThat(Settings.fromEnvironment(DATABASE, Map.of("LEDGER_NODE", " west "), () -> {
                            throw new AssertionError("not to be read");
                        })
                        .nodeName())
                .isEqualTo("west");
        assertThat(Settings.fromEnvironment(DATABASE, Map.of("LEDGER_NODE", " "), () -> "kept")
                        .nodeName())
                .isEqualTo("kept");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://ledger:hidden1@db/ledger",
                "jdbc:postgresql://ledger:hidden1@db/ledger",
                "jdbc:postgresql://db:port/ledger?password=hidden1",
                "jdbc:mysql://db/ledger?password=hidden1"
            })
    void an_address_that_cannot_be_used_is_refused_without_being_repeated(String url) {
        ServeSettings settings = new ServeSettings(
                Optional.empty(),
                Optional.of(new ServeSettings.Database(url, "clerk", "hidden2", "", "")),
                "127.0.0.1",
                0);

        assertThatThrownBy(() -> new Serving(Map.of()).start(settings, told::add))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("LEDGER_DATABASE_URL")
                .hasStackTraceContaining("StartRefused")
                .satisfies(refusal -> {
                    StringWriter shown = new StringWriter();
                    refusal.printStackTrace(new PrintWriter(shown));
                    assertThat(shown.toString() + told + settings).doesNotContain("hidden");
                });
    }

    @Test
    void a_database_that_could_lose_commits_is_refused() {
        Durability judged = new Durability.NotDurable(List.of(NO_CHECKSUMS), List.of());

        assertThatThrownBy(() -> Serving.admit(DATABASE, judged, told::add))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("data_checksums is off");
        assertThat(told).isEmpty();
    }
}
