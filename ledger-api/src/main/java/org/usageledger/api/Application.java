package org.usageledger.api;

import org.usageledger.api.cli.LedgerCommand;
import org.usageledger.api.cli.Terminal;

/** Where everything begins: one command line. */
public final class Application {
    private Application() {}

    public static void main(String[] arguments) {
        System.exit(LedgerCommand.run(Terminal.ofProcess(), new Serving(System.getenv()), arguments));
    }
}
