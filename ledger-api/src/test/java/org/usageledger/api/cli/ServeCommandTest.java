package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ServeCommandTest {
    private final Recording service = new Recording();

    @Test
    void says_where_it_listens_where_its_data_is_and_what_to_try_next() {
        CommandRun run = new CommandRun.Builder().serving(service).run("serve", "--stop-when-ready");

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("""
                        Usage Ledger unpackaged listens on http://127.0.0.1:8080
                        Its data: /srv/ledger (PostgreSQL 18.6, port 4712)
                        Next:     ./ledger demo                     look at a made-up foundation
                                  ./ledger append events.ndjson     record usage events
                                  ./ledger running                  what runs now
                                  ./ledger --help                   all commands
                        Stop it with Ctrl-C or SIGTERM.
                        """);
        assertThat(run.err()).isEqualTo("PostgreSQL recovers\n");
        assertThat(service.closed).isEqualTo(1);
    }

    @Test
    void on_another_port_prints_commands_that_find_it_as_they_are_printed() {
        service.address = "http://127.0.0.1:4711";

        CommandRun run = new CommandRun.Builder().serving(service).run("serve", "--stop-when-ready");

        assertThat(run.out()).contains("""
                        Next:     LEDGER_URL=http://127.0.0.1:4711 ./ledger demo                     look at a made-up foundation
                                  LEDGER_URL=http://127.0.0.1:4711 ./ledger append events.ndjson     record usage events
                                  LEDGER_URL=http://127.0.0.1:4711 ./ledger running                  what runs now
                                  ./ledger --help                                                    all commands
                        """);
    }

    @Test
    void listens_on_the_loopback_by_default_and_brings_its_database() {
        new CommandRun.Builder().serving(service).run("serve", "--stop-when-ready");

        assertThat(service.asked)
                .containsExactly(new ServeSettings(Optional.empty(), Optional.empty(), "127.0.0.1", 8080));
    }

    @Test
    void is_told_by_options() {
        new CommandRun.Builder()
                .serving(service)
                .with("LEDGER_DATA", "/not/this")
                .with("LEDGER_PORT", "1")
                .with("LEDGER_BIND", "10.0.0.1")
                .run("serve", "--stop-when-ready", "--data", "/srv/l", "--port", "9090", "--bind", "127.0.0.2");

        assertThat(service.asked)
                .containsExactly(
                        new ServeSettings(Optional.of(Path.of("/srv/l")), Optional.empty(), "127.0.0.2", 9090));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void refuses_an_empty_address_as_wrong_use(String bind) {
        CommandRun run = new CommandRun.Builder().serving(service).run("serve", "--stop-when-ready", "--bind", bind);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("The address to listen on is empty");
        assertThat(service.asked).isEmpty();
    }

    @Test
    void is_told_by_the_environment() {
        new CommandRun.Builder()
                .serving(service)
                .with("LEDGER_PORT", "9091")
                .with("LEDGER_BIND", "10.0.0.1")
                .with("LEDGER_DATABASE_URL", "jdbc:postgresql://db/ledger")
                .with("LEDGER_DATABASE_USER", "clerk")
                .with("LEDGER_DATABASE_PASSWORD", "secret")
                .run("serve", "--stop-when-ready");

        assertThat(service.asked)
                .containsExactly(new ServeSettings(
                        Optional.empty(),
                        Optional.of(
                                new ServeSettings.Database("jdbc:postgresql://db/ledger", "clerk", "secret", "", "")),
                        "10.0.0.1",
                        9091));
        assertThat(service.asked.toString()).doesNotContain("secret");
    }

    @Test
    void refuses_a_data_folder_beside_another_database_as_wrong_use() {
        CommandRun run = new CommandRun.Builder()
                .serving(service)
                .with("LEDGER_DATABASE_URL", "jdbc:postgresql://db/ledger")
                .run("serve", "--data", "/srv/l");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("leave out one of them").endsWith("See 'ledger serve --help'.\n");
        assertThat(service.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999", "abc", "-1"})
    void refuses_what_is_no_port_as_wrong_use(String port) {
        CommandRun run = new CommandRun.Builder().serving(service).run("serve", "--port=" + port);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("'" + port + "' is not").endsWith("See 'ledger serve --help'.\n");
        assertThat(service.asked).isEmpty();
    }

    @Test
    void refuses_a_port_of_the_environment_like_one_of_the_command_line() {
        CommandRun run = new CommandRun.Builder()
                .serving(service)
                .with("LEDGER_PORT", "http")
                .run("serve");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("'http' is not a port: it is a number from 0 to 65535.\nSee 'ledger serve --help'.\n");
    }

    @Test
    void that_cannot_start_says_why_in_a_sentence() {
        CommandRun run = new CommandRun.Builder()
                .serving((settings, progress) -> {
                    throw new CommandFailed("Another service uses /srv/ledger.");
                })
                .run("serve");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("Another service uses /srv/ledger.\n");
    }

    @Test
    void that_fails_by_a_fault_shows_no_stack_trace_unless_asked() {
        ServiceStarter broken = (settings, progress) -> {
            throw new IllegalStateException("wiring");
        };

        assertThat(new CommandRun.Builder().serving(broken).run("serve").err())
                .contains("LEDGER_DEBUG=1")
                .doesNotContain("\tat ");
        assertThat(new CommandRun.Builder()
                        .serving(broken)
                        .with("LEDGER_DEBUG", "1")
                        .run("serve")
                        .err())
                .contains("\tat ");
    }

    private static final class Recording implements ServiceStarter, ServiceStarter.RunningService {
        private final List<ServeSettings> asked = new ArrayList<>();
        private String address = "http://127.0.0.1:8080";
        private int closed;

        @Override
        public RunningService start(ServeSettings settings, Consumer<String> progress) {
            asked.add(settings);
            progress.accept("PostgreSQL recovers");
            return this;
        }

        @Override
        public URI address() {
            return URI.create(address);
        }

        @Override
        public String data() {
            return "/srv/ledger (PostgreSQL 18.6, port 4712)";
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
