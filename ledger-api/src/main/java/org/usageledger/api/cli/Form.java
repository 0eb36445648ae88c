package org.usageledger.api.cli;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How data is printed. */
enum Form {
    TABLE,
    NDJSON,
    CSV;

    /** The options that choose it; at most one of them. */
    static final class Options {
        @ArgGroup
        private Chosen chosen = new Chosen();

        Form on(Terminal terminal) {
            if (chosen.csv) {
                return CSV;
            }
            if (chosen.json) {
                return NDJSON;
            }
            return chosen.table || terminal.outInteractive() ? TABLE : NDJSON;
        }
    }

    static final class Chosen {
        @Option(names = "--json", description = "One JSON object a line. Default unless printed on a terminal.")
        private boolean json;

        @Option(names = "--csv", description = "Comma-separated values with a header line.")
        private boolean csv;

        @Option(names = "--table", description = "Aligned columns for people. Default on a terminal.")
        private boolean table;
    }
}
