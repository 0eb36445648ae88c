package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "schedule",
        description = {
            "Has a job start by itself from now on, or no longer; prints the schedule as JSON and says when it is due first.",
            "",
            "One execution a due time, however many nodes there are; of several that were missed, the latest.",
            "A schedule takes the place of the one that the job has."
        },
        footer = {
            "",
            "Examples:",
            "  ledger jobs schedule check --cron '30 3 * * *' --time-zone Europe/Berlin",
            "  ledger jobs schedule check --off"
        })
final class ScheduleCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Terminal terminal;

    @Parameters(paramLabel = "JOB", description = "The job: rebuild, check.")
    private String job = "";

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Wanted wanted = new Wanted();

    @Mixin
    private final ServiceOptions service;

    /** A schedule or none. */
    static final class Wanted {
        @ArgGroup(exclusive = false)
        private Times times = new Times();

        @Option(
                names = "--off",
                required = true,
                description = "Take the job's schedule away; what was started goes on.")
        private boolean off;
    }

    /** What makes a schedule. */
    static final class Times {
        @Option(
                names = "--cron",
                required = true,
                paramLabel = "EXPRESSION",
                description = "Five fields: minute, hour, day of month, month, day of week.")
        private String cron = "";

        @Option(
                names = "--time-zone",
                required = true,
                paramLabel = "ZONE",
                description = "Whose clocks it goes by: a name of the IANA database, such as Europe/Berlin or UTC.")
        private String timeZone = "";

        @Option(
                names = "--parameter",
                paramLabel = "NAME=VALUE",
                description = "A parameter of the job, for each execution; may be repeated.")
        private Map<String, String> parameters = new LinkedHashMap<>();

        @Option(names = "--disabled", description = "Store it, and start nothing until it is stored without this.")
        private boolean disabled;
    }

    ScheduleCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Interruption interruption = new Interruption(() -> {})) {
            PersistentCaller caller = service.caller(interruption, terminal::say);
            String path = "/v1/jobs/" + Query.encoded(job) + "/schedule";
            if (wanted.off) {
                takeAway(caller.send(Call.delete(path, DEADLINE)));
                return 0;
            }
            Bytes body = Bytes.of(JsonText.line(wish(wanted.times)));
            tell(caller.send(Call.put(path, "application/json", body, DEADLINE)).json());
            return 0;
        }
    }

    private static ObjectNode wish(Times times) {
        ObjectNode wish = JsonText.object().put("cron", times.cron).put("time_zone", times.timeZone);
        ObjectNode parameters = wish.putObject("parameters");
        times.parameters.forEach(parameters::put);
        return wish.put("enabled", !times.disabled);
    }

    private void takeAway(Answer answer) {
        if (!answer.succeeded()) {
            throw Problem.of(answer).failure();
        }
        terminal.say("The job " + job + " no longer starts by itself.");
    }

    private void tell(JsonNode schedule) {
        String due = JsonText.text(schedule, "next_due");
        terminal.out().println(JsonText.line(schedule));
        terminal.out().flush();
        terminal.say(due.isEmpty() ? "It starts nothing: it is not enabled." : "It is due next at " + due + ".");
    }
}
