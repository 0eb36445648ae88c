package org.usageledger.api.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.cli.ServiceStarter.RunningService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "serve",
        description = {
            "Runs the service until it is asked to stop (Ctrl-C or SIGTERM).",
            "",
            "By default it brings its own PostgreSQL, with settings that lose nothing, and keeps everything under one data"
                    + " folder. With LEDGER_DATABASE_URL it uses a PostgreSQL (15 or newer) that is there already, and"
                    + " refuses one that could lose what it has acknowledged."
        },
        footer = {
            "",
            "Environment, besides the options:",
            "  LEDGER_DATABASE_URL       jdbc:postgresql://HOST/DATABASE instead of the embedded PostgreSQL",
            "  LEDGER_DATABASE_USER      its user",
            "  LEDGER_DATABASE_PASSWORD  its password",
            "  LEDGER_DATABASE_OWNER     another role, which owns the tables and migrates them, so that the user cannot change",
            "                            what was recorded; its password in LEDGER_DATABASE_OWNER_PASSWORD",
            "  LEDGER_AUTH               jwt: callers send bearer tokens, see LEDGER_JWKS_URL, LEDGER_ISSUER and",
            "                            LEDGER_AUDIENCE in README.md; none (default): on a loopback address only",
            "  LEDGER_TLS_CERTIFICATE    PEM file of the service's certificate, for https",
            "  LEDGER_TLS_KEY            PEM file of its private key",
            "",
            "Examples:",
            "  ledger serve",
            "  ledger serve --data /srv/usage-ledger --port 9090",
            "  LEDGER_DATABASE_URL=jdbc:postgresql://db/ledger LEDGER_DATABASE_USER=ledger ledger serve"
        })
final class ServeCommand implements Callable<Integer> {
    private static final int HIGHEST_PORT = 65_535;
    private static final String LONGEST_NEXT = "append events.ndjson";

    private final Terminal terminal;
    private final ServiceStarter starter;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Where the embedded PostgreSQL keeps everything. Default: $LEDGER_DATA, else"
                    + " /var/lib/usage-ledger for root, ~/.local/share/usage-ledger for anyone else.")
    private @Nullable Path data;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "The address to listen on. Default: $LEDGER_BIND, else " + ServeSettings.DEFAULT_BIND + ".")
    private @Nullable String bind;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port to listen on, 0 for any free one. Default: $LEDGER_PORT, else "
                    + ServeSettings.DEFAULT_PORT + ".")
    private @Nullable Integer port;

    @Option(
            names = "--stop-when-ready",
            description = "Stop as soon as the service answers: proves that it can start here.")
    private boolean stopWhenReady;

    ServeCommand(Terminal terminal, ServiceStarter starter) {
        this.terminal = terminal;
        this.starter = starter;
    }

    @Override
    public Integer call() throws InterruptedException {
        ServeSettings settings = settings();
        ServeLifetime lifetime = new ServeLifetime(terminal);
        RunningService service = lifetime.start(() -> starter.start(settings, terminal::say));
        terminal.out().print(greeting(service));
        terminal.out().flush();
        if (stopWhenReady) {
            lifetime.stop();
            return 0;
        }
        return lifetime.awaitStop();
    }

    private ServeSettings settings() {
        Optional<Path> folder = Optional.ofNullable(data)
                .or(() -> terminal.variable("LEDGER_DATA").map(Path::of));
        Optional<ServeSettings.Database> database = terminal.variable("LEDGER_DATABASE_URL")
                .map(url -> new ServeSettings.Database(
                        url,
                        terminal.variable("LEDGER_DATABASE_USER").orElse(""),
                        terminal.variable("LEDGER_DATABASE_PASSWORD").orElse(""),
                        terminal.variable("LEDGER_DATABASE_OWNER").orElse(""),
                        terminal.variable("LEDGER_DATABASE_OWNER_PASSWORD").orElse("")));
        if (database.isPresent() && data != null) {
            throw misused("--data is the folder of the embedded PostgreSQL, but LEDGER_DATABASE_URL names another"
                    + " database: leave out one of them.");
        }
        return new ServeSettings(folder, database, address(), port());
    }

    private String address() {
        String address = bind == null ? terminal.variable("LEDGER_BIND").orElse(ServeSettings.DEFAULT_BIND) : bind;
        if (address.isBlank()) {
            throw misused("The address to listen on is empty: it is " + ServeSettings.DEFAULT_BIND
                    + " for this machine only, 0.0.0.0 for everybody.");
        }
        return address.strip();
    }

    private int port() {
        String text = port == null
                ? terminal.variable("LEDGER_PORT").orElse(String.valueOf(ServeSettings.DEFAULT_PORT))
                : String.valueOf(port);
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= HIGHEST_PORT) {
            return Integer.parseInt(text);
        }
        throw misused("'" + text + "' is not a port: it is a number from 0 to " + HIGHEST_PORT + ".");
    }

    private ParameterException misused(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    private static String greeting(RunningService service) {
        String ledger = called(service.address()) + "./ledger ";
        int width = ledger.length() + LONGEST_NEXT.length();
        return String.format(
                """
                Usage Ledger %s listens on %s
                Its data: %s
                Next:     %s     look at a made-up foundation
                          %s     record usage events
                          %s     what runs now
                          %s     all commands
                Stop it with Ctrl-C or SIGTERM.
                """,
                VersionText.current(),
                service.address(),
                service.data(),
                padded(ledger + "demo", width),
                padded(ledger + LONGEST_NEXT, width),
                padded(ledger + "running", width),
                padded("./ledger --help", width));
    }

    /** What has to stand before a command for it to find this service; nothing where it would anyway. */
    private static String called(URI address) {
        return address.toString().equals(ServiceOptions.DEFAULT_URL) ? "" : "LEDGER_URL=" + address + " ";
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
