package org.usageledger.api.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Service;
import org.usageledger.api.Settings;
import org.usageledger.api.cli.Benchmarks.Measured;
import org.usageledger.api.cli.Benchmarks.Wanted;
import org.usageledger.api.cli.CommandFailed;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.testing.ScratchFolder;

class BenchProcessTest {

    @Test
    void everything_that_is_promised_is_measured_and_nothing_is_left_behind() throws Exception {
        Path data = ScratchFolder.fresh("bench");

        Measured measured = new Bench(BenchProcessTest::service)
                .measure(new Wanted(Set.of("append", "read"), Optional.of(data), true), line -> {});

        JsonNode report = new JsonMapper().readTree(measured.json());
        assertThat(report.path("machine").asText()).contains("cores", "PostgreSQL 18");
        List<String> names = new ArrayList<>();
        report.path("measures").forEach(measure -> {
            names.add(measure.path("name").asText());
            assertThat(measure.path("ratio").asDouble()).as(measure.toString()).isPositive();
            assertThat(measure.path("samples")).as(measure.toString()).isNotEmpty();
        });
        assertThat(names).hasSize(14).doesNotHaveDuplicates();
        assertThat(measured.page()).contains(names);
        assertThat(measured.plot()).startsWith("<svg");
        assertThat(Files.exists(data)).isFalse();
    }

    /** Figures of what a service has acknowledged and lost would be told as figures of a ledger. */
    @Test
    void a_service_that_lost_what_it_acknowledged_has_no_figure() {
        Path data = ScratchFolder.fresh("bench");
        List<DatabaseAddress> databases = new CopyOnWriteArrayList<>();
        Bench bench = new Bench(database -> {
            databases.add(database);
            return service(database);
        });
        Consumer<String> loses = line -> {
            if (line.contains("append one by one") && line.contains("sample")) {
                change(databases.getFirst(), "delete from usage_event where position = 7");
            }
        };

        assertThatThrownBy(() -> bench.measure(new Wanted(Set.of("append"), Optional.of(data), true), loses))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("refused: events in the log");
    }

    @Test
    void a_folder_that_exists_is_never_touched() throws Exception {
        Path folder = Files.createDirectories(ScratchFolder.fresh("bench"));
        Path kept = Files.writeString(folder.resolve("kept"), "mine");

        assertThatThrownBy(() -> new Bench(BenchProcessTest::service)
                        .measure(new Wanted(Set.of("read"), Optional.of(folder), true), line -> {}))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("exists already");
        assertThat(kept).hasContent("mine");
    }

    private static void change(DatabaseAddress database, String sql) {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("changing " + database.url(), e);
        }
    }

    private static Bench.RunningService service(DatabaseAddress database) {
        Service service = Service.start(Settings.of(database));
        return new Bench.RunningService() {
            @Override
            public URI address() {
                return service.url();
            }

            @Override
            public void close() {
                service.close();
            }
        };
    }
}
