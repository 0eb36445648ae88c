package org.usageledger.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process that uses PostgreSQL as the service does: starts it, says so on a line, stops it when it is told to end. It
 * also ends when its input does, so that it does not outlive the test.
 */
final class ServiceStandIn {

    private ServiceStandIn() {}

    /**
     * Runs until it is told to end.
     *
     * @param arguments the data folder and the folder of the programs
     */
    public static void main(String[] arguments) throws IOException {
        EmbeddedPostgres.Settings settings = EmbeddedPostgres.Settings.in(Path.of(arguments[0]))
                .withBinaries(Path.of(arguments[1]), BinariesArchive.ofThisMachine())
                .withDeadlines(Duration.ofSeconds(60), Duration.ofSeconds(20));
        try {
            EmbeddedPostgres server =
                    EmbeddedPostgres.start(settings, message -> System.out.println("said " + message));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            System.out.println("ready " + server.pid() + " " + server.port() + " " + server.takenOver());
            while (System.in.read() >= 0) {
                System.out.println("still here");
            }
        } catch (PostgresUnavailable e) {
            System.out.println("refused " + e.getMessage());
        }
    }
}
