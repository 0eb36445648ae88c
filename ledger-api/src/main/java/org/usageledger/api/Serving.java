package org.usageledger.api;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.usageledger.api.cli.CommandFailed;
import org.usageledger.api.cli.ServeSettings;
import org.usageledger.api.cli.ServiceStarter;
import org.usageledger.api.observe.TraceSettings;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.DefaultDataFolder;
import org.usageledger.postgres.Durability;
import org.usageledger.postgres.DurabilityCheck;
import org.usageledger.postgres.EmbeddedPostgres;
import org.usageledger.postgres.PostgresUnavailable;

/** Starts the service with its database: the one that is named, or one of its own. */
final class Serving implements ServiceStarter {
    private final Map<String, String> environment;

    Serving(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public RunningService start(ServeSettings settings, Consumer<String> progress) {
        try {
            return settings.database()
                    .map(database -> onNamed(settings, database, progress))
                    .orElseGet(() -> onEmbedded(settings, progress));
        } catch (PostgresUnavailable | StartRefused e) {
            throw new CommandFailed(String.valueOf(e.getMessage()), e);
        }
    }

    private RunningService onNamed(ServeSettings settings, ServeSettings.Database database, Consumer<String> progress) {
        if (!DatabaseAddress.isOne(database.url())) {
            throw new StartRefused(
                    "LEDGER_DATABASE_URL is no jdbc:postgresql://HOST/DATABASE without a user before the host:"
                            + " set it to one, and the user and the password in LEDGER_DATABASE_USER and LEDGER_DATABASE_PASSWORD.");
        }
        DatabaseAddress address = new DatabaseAddress(database.url(), database.user(), database.password());
        checkDurability(address, progress);
        Service service = Service.start(
                settings(settings, address, Settings::anyName).migratedBy(owner(database, address, progress)),
                traces());
        return new Running(service, "in " + address.shown(), Optional.empty());
    }

    private static DatabaseAddress owner(
            ServeSettings.Database database, DatabaseAddress address, Consumer<String> progress) {
        if (database.owner().isEmpty()) {
            progress.accept(
                    "Warning: the role that serves also owns the tables, so the database does not keep it from changing what"
                            + " was recorded: name their owner in LEDGER_DATABASE_OWNER.");
            return address;
        }
        return new DatabaseAddress(database.url(), database.owner(), database.ownerPassword());
    }

    private static void checkDurability(DatabaseAddress address, Consumer<String> progress) {
        try (Connection connection = address.open()) {
            admit(address, DurabilityCheck.verify(connection), progress);
        } catch (SQLException e) {
            String why = String.valueOf(e.getMessage());
            if (why.contains(address.url())) {
                // The driver repeats an address that it cannot read, with the parameters: so its own words go no
                // further.
                throw new StartRefused(
                        "LEDGER_DATABASE_URL cannot be read: set it to jdbc:postgresql://HOST/DATABASE.");
            }
            throw new StartRefused(
                    "The database at " + address.shown() + " cannot be reached as " + address.user() + ": " + why, e);
        }
    }

    /** Refuses a database that could lose what it committed; what else the operator should know of it is told. */
    static void admit(DatabaseAddress address, Durability judged, Consumer<String> progress) {
        switch (judged) {
            case Durability.Durable(var warnings) ->
                warnings.forEach(warning ->
                        progress.accept("Warning: of the database at " + address.shown() + ", " + warning + "."));
            case Durability.NotDurable(var reasons, var warnings) ->
                throw new StartRefused("The database at " + address.shown() + " could lose what it committed: "
                        + Durability.sentence(reasons, warnings));
        }
    }

    private RunningService onEmbedded(ServeSettings settings, Consumer<String> progress) {
        Path folder = settings.data().orElseGet(DefaultDataFolder::ofThisProcess);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(EmbeddedPostgres.Settings.in(folder), progress);
        try {
            DatabaseAddress address = postgres.serviceAddress();
            Service service = Service.start(
                    settings(settings, address, postgres::nodeName).migratedBy(postgres.address()), traces());
            String data = "in " + folder + ", kept by PostgreSQL " + postgres.version() + " of its own";
            return new Running(service, data, Optional.of(new Supervision(postgres, address, service::moveTo)));
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    private TraceSettings traces() {
        Variables variables = new Variables(environment);
        LogForm.check(variables);
        return new TraceVariables(variables).traces();
    }

    private Settings settings(ServeSettings settings, DatabaseAddress address, Supplier<String> nodeByDefault) {
        return Settings.fromEnvironment(address, environment, nodeByDefault)
                .listening(settings.bind(), settings.port());
    }

    private record Running(Service service, String data, Optional<Supervision> postgres) implements RunningService {
        @Override
        public URI address() {
            return service.url();
        }

        @Override
        public void close() {
            try {
                service.close();
            } finally {
                postgres.ifPresent(Supervision::close);
            }
        }
    }
}
