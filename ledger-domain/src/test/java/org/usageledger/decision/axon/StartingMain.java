package org.usageledger.decision.axon;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.axonframework.common.configuration.AxonConfiguration;
import org.axonframework.eventsourcing.configuration.EventSourcingConfigurer;
import org.postgresql.ds.PGSimpleDataSource;
import org.usageledger.decision.BulkDecision;
import org.usageledger.log.AppenderLimits;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogAppender;
import org.usageledger.log.LogReader;
import org.usageledger.log.ResourceReader;
import org.usageledger.log.axon.LedgerStorage;

/**
 * Starts what a node starts of Axon, in a process of its own: among tests Axon keeps quiet by itself. Says every address that anything in it wants to
 * reach by HTTP, and lets nothing through.
 */
final class StartingMain {
    static final String REACHED = "reached for ";
    static final String STARTED = "started";

    private StartingMain() {}

    /** A database that is not there: nothing of this needs one. */
    private static final class NoDatabase extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;

        @Override
        public Connection getConnection() throws SQLException {
            throw new SQLException("there is no database");
        }
    }

    private static final class Listening extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            System.out.println(REACHED + uri.getHost());
            throw new IllegalArgumentException("nothing leaves this process");
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException e) {
            throw new IllegalStateException("nothing was let through", e);
        }
    }

    /**
     * Starts, says so, and waits to be told to end.
     *
     * @param arguments {@code as-ever}, or {@code unguarded} for Axon as it starts by itself
     */
    public static void main(String[] arguments) throws IOException {
        ProxySelector.setDefault(new Listening());
        if (arguments[0].equals("unguarded")) {
            AxonConfiguration axon = EventSourcingConfigurer.create().start();
            System.out.println(STARTED);
            await();
            axon.shutdown();
        } else {
            startAsEver();
        }
        // Threads of its own must not keep it.
        System.exit(0);
    }

    private static void startAsEver() throws IOException {
        NoDatabase database = new NoDatabase();
        try (HeadWatch heads = new HeadWatch(database, Duration.ofSeconds(1));
                LogAppender appender = new LogAppender(database, heads, AppenderLimits.DEFAULT)) {
            ResourceReader resources = new ResourceReader(database, heads);
            LedgerStorage storage = new LedgerStorage(appender, new LogReader(database, heads), resources, heads);
            BulkDecision bulk = new BulkDecision(resources, appender, DecisionsSituation.DEADLINE);
            try (AxonDecisions decisions =
                    new AxonDecisions(storage, bulk, DecisionsSituation.QUICK, DecisionsSituation.DEADLINE)) {
                System.out.println(
                        STARTED + " " + decisions.configuration().getClass().getSimpleName());
                await();
            }
        }
    }

    /** Until told to end. */
    private static void await() throws IOException {
        if (System.in.read() < 0) {
            throw new IOException("nobody is there any more");
        }
    }
}
