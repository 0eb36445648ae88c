package org.usageledger.api.faults;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Client commands as an operator runs them, against a service that is up. */
final class CommandLine {
    private static final long MINUTES = 15;

    private CommandLine() {}

    /** The exit code; what the command prints goes to the test's output. */
    static int run(URI service, String... arguments) throws IOException, InterruptedException {
        return run(service, Path.of("/dev/null"), arguments);
    }

    /** The same, with a file as its standard input. */
    static int run(URI service, Path input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.add("org.usageledger.api.Application");
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO().redirectInput(input.toFile());
        builder.environment().put("LEDGER_URL", service.toString());
        Process process = builder.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end within " + MINUTES + " minutes");
        }
        return process.exitValue();
    }
}
