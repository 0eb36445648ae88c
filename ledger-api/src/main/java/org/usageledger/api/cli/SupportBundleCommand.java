package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "support-bundle",
        description = {
            "Writes what the service says of itself into one file, to be sent to whoever helps: version, health, metrics, jobs, the"
                    + " newest 200 executions, nodes, background tasks, schedules, the newest 200 entries of the audit log.",
            "",
            "Tokens, passwords and what looks like one are removed. Events are not in it. What the service does not say is noted in"
                    + " missing.json, and the exit code is 1 then."
        },
        footer = {"", "Examples:", "  ledger support-bundle", "  ledger support-bundle bundle.zip"})
final class SupportBundleCommand implements Callable<Integer> {
    /** The service may be unwell: each part is asked for once, and the rest does not wait for it for long. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String VERSION = "version.json";
    private static final String MISSING = "missing.json";

    private final Terminal terminal;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "Where to: a name that ends in .tar.gz, .tgz or .zip and is not taken. Default:"
                    + " usage-ledger-support-TIME.tar.gz.")
    private @Nullable Path file;

    @Mixin
    private final ServiceOptions service;

    SupportBundleCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    /** What is asked for, by the name of its part. */
    private static Map<String, String> paths() {
        Map<String, String> paths = new LinkedHashMap<>();
        paths.put("service.json", "/");
        paths.put("health.json", "/health");
        paths.put("metrics.txt", "/prometheus");
        paths.put("jobs.json", "/v1/jobs");
        paths.put("executions.json", "/v1/executions?limit=200");
        paths.put("nodes.json", "/v1/nodes");
        paths.put("tasks.json", "/v1/tasks");
        paths.put("schedules.json", "/v1/schedules");
        paths.put("audit.json", "/v1/audit?newest=true&limit=200");
        return paths;
    }

    @Override
    public Integer call() throws InterruptedException {
        String name = "usage-ledger-support-" + STAMP.format(Clock.systemUTC().instant());
        Path target = file == null ? Path.of(name + BundleFile.ENDINGS.getFirst()) : file;
        if (BundleFile.ENDINGS.stream().noneMatch(target.toString()::endsWith)) {
            throw new ParameterException(
                    command.commandLine(),
                    "'" + target + "' is no name for a bundle: let it end in " + String.join(" or ", BundleFile.ENDINGS)
                            + ".");
        }
        LedgerClient client = service.client();
        Redaction redaction = Redaction.of(terminal.environment(), client.base());
        Map<String, String> parts = new LinkedHashMap<>();
        ObjectNode missing = JsonText.object();
        parts.put(VERSION, redaction.text(version(client.base())));
        for (Map.Entry<String, String> path : paths().entrySet()) {
            ask(client, path.getValue(), path.getKey(), new Found(redaction, parts, missing));
        }
        if (!missing.isEmpty()) {
            parts.put(MISSING, JsonText.line(redaction.json(missing)) + "\n");
        }
        if (missing.size() == paths().size()) {
            throw new CommandFailed(redaction.text("Nothing was found out, and no file written: "
                    + missing.iterator().next().asText()));
        }
        BundleFile.write(target, name, parts);
        terminal.out().println(target);
        terminal.out().flush();
        missing.properties()
                .forEach(part -> terminal.say(redaction.text(
                        part.getKey() + " is missing: " + part.getValue().asText())));
        return missing.isEmpty() ? 0 : 1;
    }

    private record Found(Redaction redaction, Map<String, String> parts, ObjectNode missing) {}

    /** Where there is no user and no query: an address may carry what is secret. */
    private static String version(URI base) {
        return JsonText.line(JsonText.object()
                        .put("command", VersionText.current())
                        .put("java", Runtime.version().toString())
                        .put("service", base.getScheme() + "://" + base.getHost() + ":" + base.getPort()))
                + "\n";
    }

    private static void ask(LedgerClient client, String path, String part, Found found) throws InterruptedException {
        try {
            Answer answer = client.send(new Call("GET", path, Map.of("Accept", "*/*"), Bytes.NONE, DEADLINE));
            String type = answer.headers().firstValue("Content-Type").orElse("");
            if (type.startsWith("application/problem+json")) {
                found.missing().put(part, Problem.of(answer).sentence());
            } else if (type.contains("json")) {
                String clean = JsonText.line(
                        found.redaction().json(JsonText.tree(answer.body().array())));
                found.parts().put(part, clean + "\n");
            } else if (answer.succeeded()) {
                found.parts().put(part, found.redaction().text(answer.body().text()));
            } else {
                found.missing().put(part, Problem.of(answer).sentence());
            }
        } catch (ServiceUnreachable e) {
            found.missing().put(part, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            found.missing().put(part, "The service's answer is not JSON.");
        }
    }
}
