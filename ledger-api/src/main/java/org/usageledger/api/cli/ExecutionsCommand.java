package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.cli.Listing.Field;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "executions",
        description = {
            "Prints the executions of jobs, newest first, or one of them with its report.",
            "",
            "With --follow those that change are printed again as they do, until the command is interrupted."
        },
        footer = {
            "",
            "Examples:",
            "  ledger executions --state running",
            "  ledger executions --stale 30m",
            "  ledger executions 018f3c1e-7c55-7b3e-9f0e-6b1b7f5d2a10"
        })
final class ExecutionsCommand implements Callable<Integer> {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private static final List<Field> FIELDS = List.of(
            Field.text("id", "ID", "id"),
            Field.text("job", "JOB", "job"),
            Field.text("state", "STATE", "state"),
            Field.text("requested_at", "REQUESTED", "requested_at"),
            Field.text("ended_at", "ENDED", "ended_at"),
            Field.text("node", "NODE", "node"),
            Field.number("position", "POSITION", "report", "position"),
            Field.number("goal", "GOAL", "report", "goal"),
            Field.text("expected_at", "EXPECTED", "expected_at"));

    private final Terminal terminal;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "Only this one, with its report, as JSON.")
    private @Nullable String id;

    @Option(names = "--job", paramLabel = "JOB", description = "Only those of this job.")
    private @Nullable String job;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only those in this state: ${COMPLETION-CANDIDATES}.")
    private @Nullable State state;

    @Option(
            names = "--stale",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "Only those that are active and have not progressed for so long, such as 30m.")
    private @Nullable Duration stale;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 100.")
    private @Nullable Integer limit;

    @Option(names = "--follow", description = "Go on printing those that change.")
    private boolean follow;

    @Mixin
    private final Form.Options form = new Form.Options();

    @Mixin
    private final ServiceOptions service;

    /** Where an execution may stand. */
    enum State {
        PENDING,
        RUNNING,
        UNWINDING,
        DONE,
        FAILED,
        STUCK,
        CANCELLED,
        ABANDONED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    ExecutionsCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Interruption interruption = new Interruption(() -> {})) {
            PersistentCaller caller = service.caller(interruption, terminal::say);
            if (id != null) {
                Operating.print(terminal, true, Execution.load(caller, id).body());
                return 0;
            }
            Listing listing = new Listing(form.on(terminal), terminal.out(), FIELDS);
            List<byte[]> first = page(caller).objects();
            listing.print(first);
            if (follow) {
                follow(caller, interruption, listing, stands(first));
            }
            return 0;
        }
    }

    private ObjectsPage page(PersistentCaller caller) throws InterruptedException {
        Query query = new Query("/v1/executions")
                .with("job", job)
                .with("state", state)
                .with("stale", stale)
                .with("limit", limit);
        return ObjectsPage.of(caller.send(Call.get(query.toString(), Operating.DEADLINE)), "executions");
    }

    private void follow(
            PersistentCaller caller, Interruption interruption, Listing listing, Map<String, String> printed)
            throws InterruptedException {
        Map<String, String> seen = printed;
        while (!listing.unread()) {
            interruption.pause(BETWEEN_LOOKS);
            List<byte[]> objects = page(caller).objects();
            List<byte[]> changed = new ArrayList<>();
            for (byte[] object : objects) {
                JsonNode execution = JsonText.read(object, "an execution");
                if (!stand(execution).equals(seen.get(JsonText.text(execution, "id")))) {
                    changed.add(object);
                }
            }
            listing.print(changed.reversed());
            seen = stands(objects);
        }
    }

    private static Map<String, String> stands(List<byte[]> objects) {
        Map<String, String> stands = new HashMap<>();
        for (byte[] object : objects) {
            JsonNode execution = JsonText.read(object, "an execution");
            stands.put(JsonText.text(execution, "id"), stand(execution));
        }
        return stands;
    }

    /** What makes it worth printing again; leases are renewed all the time. */
    private static String stand(JsonNode execution) {
        return String.join(
                " ",
                JsonText.text(execution, "state"),
                JsonText.text(execution, "report", "chunks"),
                JsonText.text(execution, "claims"),
                JsonText.text(execution, "failures"),
                JsonText.text(execution, "cancel"));
    }
}
