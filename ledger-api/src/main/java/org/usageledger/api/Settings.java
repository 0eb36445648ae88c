package org.usageledger.api;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.usageledger.api.access.AccessSettings;
import org.usageledger.api.events.IngestLimits;
import org.usageledger.api.tls.ServerTls;
import org.usageledger.event.EventLimits;
import org.usageledger.jobs.JobTimes;
import org.usageledger.log.AppenderLimits;
import org.usageledger.postgres.DatabaseAddress;

/**
 * What a service is told before it starts.
 *
 * @param database as the role that serves
 * @param owner the same database as the role that owns its tables and migrates them; the one that serves, if there is no other
 * @param bind address to listen on
 * @param port 0 for any free one
 * @param tls empty: plain HTTP
 * @param connections to the database for those who read; appending and what the service does by itself have their own
 * @param jobs how patient this node is with executions, and how many it carries out at a time
 * @param nodeName the same again when the same service is started again; no two services on one database share it at a time
 */
public record Settings(
        DatabaseAddress database,
        DatabaseAddress owner,
        String bind,
        int port,
        AccessSettings access,
        Optional<ServerTls> tls,
        IngestLimits ingest,
        AppenderLimits appender,
        int connections,
        JobTimes jobs,
        String nodeName) {
    public static final String DEFAULT_BIND = "127.0.0.1";
    public static final int DEFAULT_PORT = 8080;
    private static final int DEFAULT_CONNECTIONS = 10;

    /** A hundred years: as good as for ever. */
    private static final int MOST_KEPT_DAYS = 36_500;

    /** Every setting at its default but for the database; listens on any free port. */
    public static Settings of(DatabaseAddress database) {
        return new Settings(
                database,
                database,
                DEFAULT_BIND,
                0,
                AccessSettings.OPEN,
                Optional.empty(),
                IngestLimits.DEFAULT,
                AppenderLimits.DEFAULT,
                DEFAULT_CONNECTIONS,
                JobTimes.USUAL,
                anyName());
    }

    /**
     * From environment variables; what is not set has its default.
     *
     * @param nodeByDefault the node's name where none is set
     * @throws StartRefused if one cannot be read
     */
    public static Settings fromEnvironment(
            DatabaseAddress database, Map<String, String> environment, Supplier<String> nodeByDefault) {
        Variables variables = new Variables(environment);
        AccessVariables access = new AccessVariables(variables);
        EventLimits event = new EventLimits(
                variables.number("LEDGER_EVENT_BYTES", EventLimits.DEFAULT.eventBytes(), 1024, 16 << 20),
                variables.number("LEDGER_EVENT_NESTING", EventLimits.DEFAULT.nesting(), 4, 256));
        long requestBytes = variables.number(
                "LEDGER_REQUEST_BYTES", IngestLimits.DEFAULT.requestBytes(), event.eventBytes(), 1L << 30);
        IngestLimits ingest = new IngestLimits(
                requestBytes,
                variables.number("LEDGER_REQUEST_EVENTS", IngestLimits.DEFAULT.requestEvents(), 1, 1_000_000),
                event,
                variables.number(
                        "LEDGER_APPEND_MEMORY",
                        Math.max(IngestLimits.DEFAULT.appendMemory(), requestBytes),
                        requestBytes,
                        1L << 40),
                Duration.ofSeconds(variables.number(
                        "LEDGER_BODY_SECONDS", IngestLimits.DEFAULT.arrival().toSeconds(), 1, 3600)));
        return new Settings(
                database,
                database,
                variables.text("LEDGER_BIND", DEFAULT_BIND),
                variables.number("LEDGER_PORT", DEFAULT_PORT, 0, 65_535),
                access.access(),
                access.tls(),
                ingest,
                appender(variables),
                variables.number("LEDGER_DATABASE_CONNECTIONS", DEFAULT_CONNECTIONS, 4, 1000),
                JobTimes.USUAL
                        .with(variables.number("LEDGER_EXECUTIONS", JobTimes.USUAL.concurrent(), 1, 1_000))
                        .keeping(variables.number(
                                "LEDGER_EXECUTION_DAYS", JobTimes.USUAL.keptDays(), 1, MOST_KEPT_DAYS)),
                variables.text("LEDGER_NODE").orElseGet(nodeByDefault));
    }

    private static AppenderLimits appender(Variables variables) {
        AppenderLimits usual = AppenderLimits.DEFAULT;
        int deadline = variables.number(
                "LEDGER_APPEND_SECONDS", (int) usual.requestDeadline().toSeconds(), 2, 60);
        // A wait for the counter has to end before the request that waits is given up.
        int lock = variables.number(
                "LEDGER_LOCK_SECONDS", Math.min((int) usual.lockTimeout().toSeconds(), deadline - 1), 1, deadline - 1);
        return new AppenderLimits(
                variables.number("LEDGER_QUEUE_EVENTS", usual.queuedEvents(), 1, 10_000_000),
                variables.number("LEDGER_QUEUE_BYTES", usual.queuedBytes(), 1 << 20, 1L << 40),
                variables.number("LEDGER_TRANSACTION_EVENTS", usual.transactionEvents(), 1, 1_000_000),
                variables.number("LEDGER_TRANSACTION_BYTES", usual.transactionBytes(), 64 << 10, 1L << 30),
                Duration.ofSeconds(deadline),
                Duration.ofSeconds(lock));
    }

    /** A name for a service that keeps nothing of its own: another at each start. */
    static String anyName() {
        return "node-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** The same, listening elsewhere. */
    public Settings listening(String address, int on) {
        return new Settings(database, owner, address, on, access, tls, ingest, appender, connections, jobs, nodeName);
    }

    /** The same, on tables that another role owns and migrates. */
    public Settings migratedBy(DatabaseAddress tablesOwner) {
        return new Settings(
                database, tablesOwner, bind, port, access, tls, ingest, appender, connections, jobs, nodeName);
    }

    /** The same, under another name. */
    Settings named(String name) {
        return new Settings(database, owner, bind, port, access, tls, ingest, appender, connections, jobs, name);
    }

    /** The same, with other limits for what is appended. */
    public Settings with(IngestLimits limits) {
        return new Settings(database, owner, bind, port, access, tls, limits, appender, connections, jobs, nodeName);
    }

    /** The same, otherwise patient with executions, or with room for more. */
    public Settings with(JobTimes times) {
        return new Settings(database, owner, bind, port, access, tls, ingest, appender, connections, times, nodeName);
    }

    /** The same, for others to use. */
    public Settings with(AccessSettings who) {
        return new Settings(database, owner, bind, port, who, tls, ingest, appender, connections, jobs, nodeName);
    }

    /** The same, by HTTPS. */
    public Settings with(ServerTls shown) {
        return new Settings(
                database, owner, bind, port, access, Optional.of(shown), ingest, appender, connections, jobs, nodeName);
    }
}
