package org.usageledger.api;

import java.net.URI;
import org.usageledger.api.bench.Bench;
import org.usageledger.api.cli.LedgerCommand;
import org.usageledger.api.cli.Terminal;
import org.usageledger.postgres.DatabaseAddress;

/** Where everything begins: one command line. */
public final class Application {
    private Application() {}

    public static void main(String[] arguments) {
        System.exit(LedgerCommand.run(
                Terminal.ofProcess(), new Serving(System.getenv()), new Bench(Application::measured), arguments));
    }

    /** A service with every setting at its default. */
    private static Bench.RunningService measured(DatabaseAddress database) {
        Service service = Service.start(Settings.of(database));
        return new Bench.RunningService() {
            @Override
            public URI address() {
                return service.url();
            }

            @Override
            public void close() {
                service.close();
            }
        };
    }
}
