package org.usageledger.api;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.runtime.graceful.GracefulShutdownManager;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.scheduling.executor.ExecutorType;
import io.micronaut.web.router.Router;
import java.net.URI;
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
import org.usageledger.jobs.NodeNames;
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
    private final URI url;

    private Service(Ledger ledger, Access access, ApplicationContext context, URI url) {
        this.ledger = ledger;
        this.access = access;
        this.context = context;
        this.url = url;
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
        ListenAddress address = ListenAddress.of(settings);
        address.checkFree(settings.port());
        Access access = access(settings);
        try {
            Migrations.migrate(settings.owner(), settings.database());
            checkNode(settings);
            return listen(settings, address, access, traces);
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

    private static void checkNode(Settings settings) {
        if (NodeNames.isExpunged(settings.database().dataSource(), settings.nodeName())) {
            throw new StartRefused("The node " + settings.nodeName()
                    + " was expunged, and its name never comes back: set LEDGER_NODE to another.");
        }
    }

    private static Service listen(Settings settings, ListenAddress address, Access access, TraceSettings traces) {
        Observation observation =
                new Observation(traces, settings.nodeName(), Version.current().value());
        LogForm.name(settings.nodeName());
        Ledger ledger = ledger(settings, observation);
        try {
            return listen(settings, address, ledger, access);
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

    private static Service listen(Settings settings, ListenAddress address, Ledger ledger, Access access) {
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
                .properties(properties(settings, address))
                .singletons(beans.toArray())
                .start();
        try {
            RouteTable.check(context.getBean(Router.class));
            settings.tls().ifPresent(tls -> ServedCertificate.check(context, tls));
            EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
            URI url = address.url(server.getScheme(), server.getPort());
            LOG.info("listening on {}", url);
            return new Service(ledger, access, context, url);
        } catch (ServerStartupException e) {
            context.close();
            throw address.taken(settings.port(), e);
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    private static Map<String, Object> properties(Settings settings, ListenAddress address) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "micronaut.application.name",
                "usage-ledger",
                "micronaut.server.host",
                address.numeric(),
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
                // A thread for each request: of a few, readers who wait would leave none for those who append.
                "micronaut.executors.blocking.type",
                ExecutorType.THREAD_PER_TASK,
                "micronaut.executors.blocking.virtual",
                true));
        properties.put(ForeignFilter.GUARDS, settings.access().isOpen());
        properties.put(ForeignFilter.OWN_NAME, address.given());
        properties.put(
                "micronaut.server.cors.localhost-pass-through",
                !settings.access().isOpen());
        settings.tls().ifPresent(tls -> properties.putAll(tls.properties(settings.port() == 0 ? -1 : settings.port())));
        return properties;
    }

    /** Where it listens. */
    public URI url() {
        return url;
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
            letGo();
        }
    }

    /** All of it, whichever part fails. */
    private void letGo() {
        try (ledger;
                access;
                context) {
            LOG.debug("stopped");
        }
    }
}
