package org.usageledger.postgres;

import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.MigrateResult;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jspecify.annotations.Nullable;

/** Brings a database to the schema this build needs. */
public final class Migrations {

    private static final String LOCATION = "classpath:db/migration";
    private static final String CONTENDERS = "classpath:db/bench";
    private static final String CONTENDERS_HISTORY = "bench_schema_history";
    // One attempt a second: as long as another node's migration of a large table may take.
    private static final int LOCK_ATTEMPTS = 600;

    private Migrations() {}

    /**
     * What was done.
     *
     * @param applied how many migrations were run, 0 if the database was up to date
     * @param version of the schema now; empty if there is no migration at all
     */
    public record Migrated(int applied, String version) {}

    /**
     * Runs the migrations that are missing, each once however many services start at the same time; may be repeated.
     *
     * @throws PostgresUnavailable if the database cannot be reached or a migration fails; a failed one leaves nothing
     *     behind, except that one which says it runs outside a transaction may
     */
    public static Migrated migrate(DatabaseAddress address) {
        return migrateFrom(LOCATION, address);
    }

    /**
     * The same as the tables' owner, who lets another role serve them: append to the log, but not change what it holds.
     *
     * @param service the same database as the role that serves; nothing is granted if that is the owner itself
     */
    public static Migrated migrate(DatabaseAddress owner, DatabaseAddress service) {
        return run(owner, settings(owner, LOCATION, role(service)));
    }

    /** Asked of the database itself: an address may name another user than the one beside it. */
    private static String role(DatabaseAddress service) {
        try {
            return service.role();
        } catch (SQLException e) {
            throw new PostgresUnavailable(
                    "The database at " + service.shown() + " cannot be reached as " + service.user() + ".", e);
        }
    }

    /**
     * Lays beside the ledger's tables those that benchmarks hold it against. For a database that is thrown away afterwards.
     *
     * @throws PostgresUnavailable as {@link #migrate} does
     */
    public static Migrated addContenders(DatabaseAddress address) {
        return run(
                address,
                settings(address, CONTENDERS, "")
                        .table(CONTENDERS_HISTORY)
                        .baselineOnMigrate(true)
                        .baselineVersion("0"));
    }

    static Migrated migrateFrom(String location, DatabaseAddress address) {
        return run(address, settings(address, location, ""));
    }

    private static FluentConfiguration settings(DatabaseAddress address, String location, String serviceRole) {
        FluentConfiguration configuration = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(address.dataSource())
                .locations(location)
                .loggers("slf4j")
                .failOnMissingLocations(true)
                .validateMigrationNaming(true)
                .outputQueryResults(false)
                .placeholders(Map.of("service_role", serviceRole))
                .lockRetryCount(LOCK_ATTEMPTS);
        // A lock held by an open transaction would keep an index from ever being built concurrently.
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        return configuration;
    }

    private static Migrated run(DatabaseAddress address, FluentConfiguration configuration) {
        try {
            MigrateResult result = configuration.load().migrate();
            @Nullable
            String version =
                    result.targetSchemaVersion == null ? result.initialSchemaVersion : result.targetSchemaVersion;
            return new Migrated(result.migrationsExecuted, version == null ? "" : version);
        } catch (FlywayException e) {
            throw new PostgresUnavailable(
                    "The database at " + address.shown() + " could not be brought to this version's schema as "
                            + address.user() + ": " + e.getMessage(),
                    e);
        }
    }
}
