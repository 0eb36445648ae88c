package org.usageledger.api;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.runtime.graceful.GracefulShutdownManager;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.web.router.Router;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.api.access.Access;
import org.usageledger.api.access.RouteTable;
import org.usageledger.api.http.ForeignFilter;
import org.usageledger.api.observe.Observation;
import org.usageledger.api.observe.TraceSettings;
import org.usageledger.api.tls.BadPem;
import org.usageledger.api.tls.ServerTls;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.Migrations;

/** A ledger that listens. Several may run in one process and on one database. */
public final class Service implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    /** Requests that have begun may take so long to end when the service stops. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    /** Longer than the longest wait of a long poll. */
    private static final Duration IDLE_CONNECTION = Duration.ofSeconds(130);

    /** All of a request's headers: the longest token that is taken, and as much again as servers usually allow beside it. */
    private static final int HEADER_BYTES = 24 << 10;

    private final Ledger ledger;
    private final Access access;
    private final ApplicationContext context;
    private final EmbeddedServer server;

    private Service(Ledger ledger, Access access, ApplicationContext context, EmbeddedServer server) {
        this.ledger = ledger;
        this.access = access;
        this.context = context;
        this.server = server;
    }

    /**
     * Brings the database to this version's schema and listens; returns once requests are answered.
     *
     * @throws StartRefused if the settings cannot be served, or the address is taken
     * @throws org.usageledger.postgres.PostgresUnavailable if the database cannot be used
     */
    public static Service start(Settings settings) {
        return start(settings, TraceSettings.OFF);
    }

    /** As {@link #start(Settings)}, with spans of what is done. */
    static Service start(Settings settings, TraceSettings traces) {
        checkAccess(settings);
        Access access = access(settings);
        try {
            Migrations.migrate(settings.owner(), settings.database().user());
            return listen(settings, access, traces);
        } catch (RuntimeException e) {
            access.close();
            throw e;
        }
    }

    private static Access access(Settings settings) {
        try {
            settings.tls().ifPresent(ServerTls::checkFiles);
            return Access.of(settings.access());
        } catch (BadPem e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        }
    }

    private static Service listen(Settings settings, Access access, TraceSettings traces) {
        Observation observation =
                new Observation(traces, settings.nodeName(), Version.current().value());
        LogForm.name(settings.nodeName());
        Ledger ledger = ledger(settings, observation);
        try {
            return listen(settings, ledger, access);
        } catch (RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    private static Ledger ledger(Settings settings, Observation observation) {
        try {
            return new Ledger(settings, observation);
        } catch (RuntimeException e) {
            observation.close();
            throw e;
        }
    }

    private static Service listen(Settings settings, Ledger ledger, Access access) {
        List<Object> beans = new ArrayList<>(ledger.parts());
        beans.add(settings.ingest());
        beans.add(access);
        ApplicationContext context = ApplicationContext.builder()
                .deduceEnvironment(false)
                .deduceCloudEnvironment(false)
                .bootstrapEnvironment(false)
                // What may be set from outside is in the settings, nothing beside them.
                .environmentPropertySource(false)
                .banner(false)
                .properties(properties(settings))
                .singletons(beans.toArray())
                .start();
        try {
            RouteTable.check(context.getBean(Router.class));
            settings.tls().ifPresent(tls -> ServedCertificate.check(context, tls));
            EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
            LOG.info("listening on {}", server.getURL());
            return new Service(ledger, access, context, server);
        } catch (ServerStartupException e) {
            context.close();
            throw new StartRefused(
                    "The address " + settings.bind() + ":" + settings.port()
                            + " cannot be listened on: choose another with --port or --bind.",
                    e);
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    private static Map<String, Object> properties(Settings settings) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "micronaut.application.name",
                "usage-ledger",
                "micronaut.server.host",
                settings.bind(),
                "micronaut.server.port",
                settings.port() == 0 ? -1 : settings.port(),
                // Bodies are counted where they are read, compressed and not; the server's own limit stays out of the
                // way.
                "micronaut.server.max-request-size",
                Integer.MAX_VALUE,
                "micronaut.server.netty.request-decompression-enabled",
                false,
                "micronaut.server.netty.max-header-size",
                HEADER_BYTES,
                "micronaut.server.dispatch-options-requests",
                true,
                "micronaut.server.idle-timeout",
                IDLE_CONNECTION,
                "micronaut.executors.blocking.virtual",
                true));
        properties.put(ForeignFilter.GUARDS, settings.access().isOpen());
        properties.put(
                "micronaut.server.cors.localhost-pass-through",
                !settings.access().isOpen());
        settings.tls().ifPresent(tls -> properties.putAll(tls.properties(settings.port() == 0 ? -1 : settings.port())));
        return properties;
    }

    private static void checkAccess(Settings settings) {
        boolean loopback = isLoopback(settings.bind());
        if (settings.access().isOpen() && !loopback) {
            throw new StartRefused("Without authentication the service listens on a loopback address only, and "
                    + settings.bind() + " is none: set LEDGER_BIND to 127.0.0.1, or LEDGER_AUTH to jwt.");
        }
        if (!loopback && settings.tls().isEmpty()) {
            LOG.warn("tokens come to {} unencrypted unless something in front of it speaks TLS", settings.bind());
        }
    }

    private static boolean isLoopback(String bind) {
        try {
            return InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new StartRefused("The address " + bind + " is not known: set LEDGER_BIND to 127.0.0.1.", e);
        }
    }

    /** Where it listens. */
    public URI url() {
        return server.getURI();
    }

    /** Where its database is found from now on; requests that were under way fail, and may come again. */
    void moveTo(DatabaseAddress database) {
        ledger.moveTo(database);
    }

    /** For tests that look inside. */
    ApplicationContext context() {
        return context;
    }

    /** For tests that leave nothing to other readers. */
    DataSource readers() {
        return ledger.readers();
    }

    /** Takes no more requests, ends those that have begun, answers what is queued, and lets go of the database. */
    @Override
    public void close() {
        ledger.releaseReaders();
        try {
            context.getBean(GracefulShutdownManager.class)
                    .shutdownGracefully()
                    .toCompletableFuture()
                    .get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("requests that have begun did not end within {} s; they are cut off", GRACE.toSeconds());
        } catch (ExecutionException e) {
            LOG.warn("the server did not stop in order", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            context.close();
            access.close();
            ledger.close();
        }
    }
}
