package org.usageledger.api.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What a command line printed, and how it ended. */
record CommandRun(int code, String out, String err) {
    /** For commands that measure nothing. */
    static final Benchmarks UNMEASURED = (wanted, progress) -> {
        throw new AssertionError("nothing was to be measured: " + wanted);
    };

    static Builder against(StandIn service) {
        return new Builder().with("LEDGER_URL", service.url());
    }

    static CommandRun of(String... arguments) {
        return new Builder().run(arguments);
    }

    /** The surroundings of the command: empty, piped, with nothing to read, unless said otherwise. */
    static final class Builder {
        private final Map<String, String> environment = new HashMap<>();
        private byte[] input = {};
        private Benchmarks benchmarks = UNMEASURED;
        private boolean interactive;
        private ServiceStarter starter = (settings, progress) -> {
            throw new CommandFailed("nothing to serve in this test");
        };

        Builder with(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        Builder reading(String text) {
            return reading(text.getBytes(StandardCharsets.UTF_8));
        }

        Builder reading(byte[] bytes) {
            input = bytes;
            return this;
        }

        /** A person reads what is printed. */
        Builder onTerminal() {
            interactive = true;
            return this;
        }

        Builder serving(ServiceStarter service) {
            starter = service;
            return this;
        }

        Builder measuring(Benchmarks measuring) {
            benchmarks = measuring;
            return this;
        }

        CommandRun run(String... arguments) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Terminal terminal = new Terminal(
                    new ByteArrayInputStream(input),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    environment,
                    interactive,
                    false);
            int code = LedgerCommand.run(terminal, starter, benchmarks, arguments);
            return new CommandRun(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }
    }
}
