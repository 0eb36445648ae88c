package org.usageledger.api.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What every command's help says, so that it is said the same everywhere. */
final class HelpText {
    private static final Map<String, String> EXIT_CODES = exitCodes();
    private static final String[] CLIENT_ENVIRONMENT = {
        "",
        "Environment:",
        "  LEDGER_URL    the service; default http://127.0.0.1:8080",
        "  LEDGER_TOKEN  bearer token, where the service wants one",
        "  LEDGER_CA     PEM file of authorities to trust besides the JDK's, for an https:// service",
        "  LEDGER_DEBUG  set to 1: show where in the program a command failed"
    };

    private HelpText() {}

    /** Gives a command and all below it the options and sections that are common to all. */
    static void complete(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
        spec.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Show the version.")
                .build());
        spec.versionProvider(new VersionText());
        UsageMessageSpec usage = spec.usageMessage();
        usage.sortOptions(false);
        usage.descriptionHeading("%n");
        usage.parameterListHeading("%n");
        usage.optionListHeading("%nOptions:%n");
        usage.commandListHeading("%nCommands:%n");
        usage.exitCodeListHeading("%nExit codes:%n");
        usage.exitCodeList(EXIT_CODES);
        if (spec.findOption("--url") != null) {
            usage.footer(joined(usage.footer(), CLIENT_ENVIRONMENT));
        }
        command.getSubcommands().values().forEach(HelpText::complete);
    }

    private static String[] joined(String[] first, String[] second) {
        String[] all = new String[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "done");
        codes.put("1", "failed; why is on the standard error");
        codes.put("2", "wrong use");
        return codes;
    }
}
