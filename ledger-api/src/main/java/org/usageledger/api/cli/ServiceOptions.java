package org.usageledger.api.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.tls.BadPem;
import org.usageledger.api.tls.Trust;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which service a command talks to, and how patiently. */
final class ServiceOptions {
    static final String DEFAULT_URL = "http://127.0.0.1:8080";

    private final Terminal terminal;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The service. Default: $LEDGER_URL, else " + DEFAULT_URL + ".")
    private @Nullable String url;

    @Option(
            names = "--retry-for",
            paramLabel = "DURATION",
            defaultValue = "2m",
            converter = Durations.class,
            description = "How long a call is tried again while the service restarts or is overloaded. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Duration retryFor = Duration.ofMinutes(2);

    ServiceOptions(Terminal terminal) {
        this.terminal = terminal;
    }

    LedgerClient client() {
        return new LedgerClient(base(), terminal.variable("LEDGER_TOKEN"), trust());
    }

    /** What has to be said with another command for it to reach the same service; nothing where the environment says it. */
    String repeated() {
        return url == null ? "" : " --url " + url;
    }

    /** A caller that gives up after {@code --retry-for}. */
    PersistentCaller caller(Interruption interruption, Consumer<String> notice) {
        return new PersistentCaller(client(), interruption, Patience.of(retryFor), notice);
    }

    /** A caller that never gives up, for what is meant to run for ever. */
    PersistentCaller tirelessCaller(Interruption interruption, Consumer<String> notice) {
        return new PersistentCaller(client(), interruption, Patience.endless(), notice);
    }

    private SSLContext trust() {
        try {
            return Trust.besidesTheUsual(terminal.variable("LEDGER_CA").map(Path::of));
        } catch (BadPem e) {
            throw new CommandFailed("LEDGER_CA: " + e.getMessage(), e);
        }
    }

    private URI base() {
        String text = url == null ? terminal.variable("LEDGER_URL").orElse(DEFAULT_URL) : url;
        try {
            URI uri = URI.create(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw notAnAddress(text);
        }
        throw notAnAddress(text);
    }

    private ParameterException notAnAddress(String text) {
        return new ParameterException(
                command.commandLine(), "'" + text + "' is not the address of a ledger: write http://HOST:PORT.");
    }
}
