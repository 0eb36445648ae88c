package org.usageledger.api.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code ledger}: what there is, and how its commands end. */
@Command(
        name = "ledger",
        description = {
            "A durable ledger of Cloud Foundry usage events: nothing acknowledged is lost, nothing is recorded twice, and"
                    + " readers see every event once, in one order.",
            "",
            "All commands but 'serve', 'test' and 'bench' talk to a running service by HTTP."
        },
        footer = {
            "",
            "  test        Every test and gate of the project (./ledger test --help).",
            "",
            "First steps:",
            "  ./ledger serve                        in one terminal",
            "  ./ledger demo                         in another: a foundation lives, to look around in",
            "  ./ledger append events.ndjson",
            "  ./ledger events --follow",
            "  ./ledger running"
        })
public final class LedgerCommand implements Callable<Integer> {
    private static final int USAGE_WIDTH = 100;

    private final Terminal terminal;

    private LedgerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs one command line; the exit code is 0 done, 1 failed, 2 wrong use. */
    public static int run(Terminal terminal, ServiceStarter starter, Benchmarks benchmarks, String... arguments) {
        int code = commandLine(terminal, starter, benchmarks).execute(arguments);
        terminal.out().flush();
        return code;
    }

    static CommandLine commandLine(Terminal terminal, ServiceStarter starter, Benchmarks benchmarks) {
        CommandLine ledger = new CommandLine(new LedgerCommand(terminal));
        CommandLine running = new CommandLine(new RunningCommand(terminal));
        running.addSubcommand(new RunningSummaryCommand(terminal));
        ledger.addSubcommand(new ServeCommand(terminal, starter))
                .addSubcommand(new AppendCommand(terminal))
                .addSubcommand(new DemoCommand(terminal))
                .addSubcommand(new EventsCommand(terminal))
                .addSubcommand(running)
                .addSubcommand(new SuppressedCommand(terminal))
                .addSubcommand(new CheckCommand(terminal))
                .addSubcommand(jobs(terminal))
                .addSubcommand(executions(terminal))
                .addSubcommand(nodes(terminal))
                .addSubcommand(new SupportBundleCommand(terminal))
                .addSubcommand(new BenchCommand(terminal, benchmarks));
        HelpText.complete(ledger);
        return ledger.setUsageHelpWidth(USAGE_WIDTH)
                .setAbbreviatedOptionsAllowed(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((e, arguments) -> misused(e, terminal))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, terminal));
    }

    private static CommandLine jobs(Terminal terminal) {
        return new CommandLine(new JobsCommand(terminal))
                .addSubcommand(new JobsCommand.InFull(terminal))
                .addSubcommand(new JobsShowCommand(terminal))
                .addSubcommand(new JobsStartCommand(terminal))
                .addSubcommand(new JobsActivateCommand(terminal))
                .addSubcommand(new ScheduleCommand(terminal))
                .addSubcommand(new SchedulesCommand(terminal));
    }

    private static CommandLine executions(Terminal terminal) {
        return new CommandLine(new ExecutionsCommand(terminal))
                .addSubcommand(new ExecutionsShowCommand(terminal))
                .addSubcommand(new ExecutionsCancelCommand(terminal))
                .addSubcommand(new ExecutionsAbandonCommand(terminal));
    }

    private static CommandLine nodes(Terminal terminal) {
        return new CommandLine(new NodesCommand(terminal))
                .addSubcommand(new NodesCommand.InFull(terminal))
                .addSubcommand(new NodesShowCommand(terminal))
                .addSubcommand(new NodesQuiesceCommand(terminal))
                .addSubcommand(new NodesExpungeCommand(terminal));
    }

    /** Without a command there is nothing to do: that is wrong use. */
    @Override
    public Integer call() {
        commandLine(terminal, LedgerCommand::notStarted, LedgerCommand::notMeasured)
                .usage(terminal.err());
        return CommandLine.ExitCode.USAGE;
    }

    private static ServiceStarter.RunningService notStarted(ServeSettings settings, Consumer<String> progress) {
        throw new IllegalStateException("only printed");
    }

    private static Benchmarks.Measured notMeasured(Benchmarks.Wanted wanted, Consumer<String> progress) {
        throw new IllegalStateException("only printed");
    }

    private static int misused(ParameterException e, Terminal terminal) {
        terminal.say(String.valueOf(e.getMessage()));
        UnmatchedArgumentException.printSuggestions(e, terminal.err());
        terminal.say("See '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, Terminal terminal) {
        terminal.say(sentence(e));
        if (terminal.variable("LEDGER_DEBUG").isPresent()) {
            e.printStackTrace(terminal.err());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String sentence(Exception e) {
        return switch (e) {
            case CommandFailed failed -> String.valueOf(failed.getMessage());
            case InterruptedException interrupted -> "Interrupted.";
            case UncheckedIOException io -> io.getMessage() + ".";
            case IOException io -> "Reading or writing failed: " + io + ".";
            default -> "This is a fault of the program, not of its use: " + e + ". LEDGER_DEBUG=1 shows where.";
        };
    }
}
