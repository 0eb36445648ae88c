package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {

    static Stream<List<String>> commands() {
        List<List<String>> found = new ArrayList<>();
        collect(tree(), List.of(), found);
        return found.stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void the_help_of_a_command_names_every_option_its_exit_codes_and_an_example(List<String> command) {
        CommandRun help = CommandRun.of(with(command, "--help"));

        assertThat(help.code()).isZero();
        assertThat(help.err()).isEmpty();
        for (OptionSpec option : at(command).getCommandSpec().options()) {
            assertThat(help.out()).contains(option.names());
            assertThat(String.join("", option.description()))
                    .as(option.longestName())
                    .isNotBlank();
        }
        assertThat(help.out())
                .contains("Exit codes:")
                .contains("  0   done")
                .contains("  1   failed")
                .contains("  2   wrong use");
        assertThat(help.out()).containsPattern("Examples:|First steps:");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_client_command_explains_its_environment(List<String> command) {
        boolean client = at(command).getCommandSpec().findOption("--url") != null;

        String help = CommandRun.of(with(command, "--help")).out();

        assertThat(help.contains("LEDGER_TOKEN")).isEqualTo(client);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void an_unknown_option_is_wrong_use_and_no_stack_trace(List<String> command) {
        CommandRun run = CommandRun.of(with(command, "--no-such-option"));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .containsPattern("Unknown option: '--no-such-option'|Missing required (options and )?parameter")
                .endsWith("See '" + String.join(" ", with(qualified(command), "--help")) + "'.\n")
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_tells_its_version(List<String> command) {
        CommandRun run = CommandRun.of(with(command, "--version"));

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("Usage Ledger ");
    }

    @Test
    void without_a_command_the_commands_are_listed_and_that_is_wrong_use() {
        CommandRun run = CommandRun.of();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        "serve",
                        "append",
                        "events",
                        "running",
                        "suppressed",
                        "check",
                        "jobs",
                        "executions",
                        "nodes",
                        "support-bundle",
                        "test");
    }

    @Test
    void an_unknown_command_is_wrong_use() {
        CommandRun run = CommandRun.of("apend");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("apend").contains("append");
    }

    private static CommandLine tree() {
        return LedgerCommand.commandLine(
                Terminal.ofProcess(),
                (settings, progress) -> {
                    throw new CommandFailed("only its options are looked at");
                },
                CommandRun.UNMEASURED);
    }

    private static void collect(CommandLine command, List<String> path, List<List<String>> found) {
        found.add(path);
        command.getSubcommands().forEach((name, sub) -> {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(name);
            collect(sub, deeper, found);
        });
    }

    private static CommandLine at(List<String> path) {
        CommandLine command = tree();
        for (String name : path) {
            command = Objects.requireNonNull(command.getSubcommands().get(name));
        }
        return command;
    }

    private static List<String> qualified(List<String> command) {
        List<String> names = new ArrayList<>(List.of("ledger"));
        names.addAll(command);
        return names;
    }

    private static String[] with(List<String> path, String last) {
        String[] arguments = path.toArray(String[]::new);
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = last;
        return all;
    }
}
