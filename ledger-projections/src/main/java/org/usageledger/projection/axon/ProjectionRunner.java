package org.usageledger.projection.axon;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.axon.UpdateChecks;
import org.usageledger.projection.FoldObserver;
import org.usageledger.projection.Follower;
import org.usageledger.projection.PositionWatch;
import org.usageledger.projection.ProjectionFault;
import org.usageledger.projection.ProjectionStatus;
import org.usageledger.projection.ProjectionTable;
import org.usageledger.projection.Standing;

/** This node's part in projecting: of all nodes on a database exactly one projects each projection, the others wait to. */
public final class ProjectionRunner implements AutoCloseable {
    /** What a service folds at a time. */
    public static final int WINDOW_POSITIONS = 20_000;

    private static final Logger LOG = LoggerFactory.getLogger(ProjectionRunner.class);
    /** Looks in a row at which a processor starves before it is begun anew. */
    private static final int PATIENCE = 3;

    private final Processor.Setting setting;
    private final List<Follower> models;
    private final Map<String, Processor> processors = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread watchdog;
    private volatile FoldObserver observer = _ -> {};

    /**
     * Prepares, without beginning.
     *
     * @param node its name, the same again when it is started again
     */
    public ProjectionRunner(
            DataSource database,
            HeadWatch heads,
            PositionWatch positions,
            String node,
            List<? extends Follower> models) {
        this(new Processor.Setting(database, heads, positions, node, WINDOW_POSITIONS, ClaimTimes.USUAL), models);
    }

    ProjectionRunner(Processor.Setting setting, List<? extends Follower> models) {
        UpdateChecks.off();
        this.setting = setting;
        this.models = List.copyOf(models);
    }

    /** Begins to project, or to wait for the others to stop. Once. */
    public void start() {
        models.forEach(this::begin);
        watchdog = Thread.ofVirtual().name("ledger-projection-watchdog").start(this::watch);
    }

    /** As {@link #start()}, observed. */
    public void start(FoldObserver by) {
        observer = by;
        start();
    }

    private void begin(Follower model) {
        Processor processor = new Processor(setting, model, observer);
        processors.put(model.name(), processor);
        processor.start();
    }

    private void watch() {
        Map<String, Integer> starving = new HashMap<>();
        try {
            while (!closing.await(setting.times().interval().toMillis(), TimeUnit.MILLISECONDS)) {
                models.forEach(model -> look(model, starving));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Follower model, Map<String, Integer> starving) {
        Processor processor = processors.get(model.name());
        if (processor == null || !processor.starving()) {
            starving.remove(model.name());
        } else if (starving.merge(model.name(), 1, Integer::sum) > PATIENCE) {
            LOG.warn("{} is claimed but not fed: beginning anew", model.name());
            processor.stop();
            begin(model);
            starving.remove(model.name());
        }
    }

    /** Puts a projection into the state that the watchdog is there for. */
    void starve(String projection) {
        Processor processor = processors.get(projection);
        if (processor != null) {
            processor.starve();
        }
    }

    /** Up to where a projection is known to have come on this node. */
    public long position(String projection) {
        return setting.positions().position(projection);
    }

    /** How each projection is doing. Asks the database. */
    public List<ProjectionStatus> status() {
        try (Connection connection = setting.database().getConnection()) {
            return ProjectionTable.standings(connection).stream()
                    .filter(standing -> processors.containsKey(standing.projection()))
                    .map(this::status)
                    .toList();
        } catch (SQLException e) {
            throw new ProjectionFault("reading where projections stand", e);
        }
    }

    private ProjectionStatus status(Standing standing) {
        setting.positions().reached(standing.projection(), standing.position());
        Processor processor = processors.get(standing.projection());
        return new ProjectionStatus(
                standing.projection(),
                standing.position(),
                Math.max(0, setting.heads().head() - standing.position()),
                standing.owner(),
                processor == null ? Optional.empty() : processor.troubles().now(standing.position()));
    }

    /** Stops projecting and gives the claims back: another node goes on at once. */
    @Override
    public void close() {
        closing.countDown();
        Thread watching = watchdog;
        if (watching != null) {
            try {
                watching.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        processors.values().forEach(Processor::stop);
    }
}
