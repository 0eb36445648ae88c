package org.usageledger.projection.axon;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.axonframework.messaging.eventhandling.SimpleEventHandlingComponent;
import org.axonframework.messaging.eventhandling.processing.streaming.pooled.PooledStreamingEventProcessor;
import org.axonframework.messaging.eventhandling.processing.streaming.pooled.PooledStreamingEventProcessorConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.log.HeadWatch;
import org.usageledger.projection.FoldObserver;
import org.usageledger.projection.Follower;
import org.usageledger.projection.PositionWatch;
import org.usageledger.projection.ProjectionTable;

/** One projection on this node: it projects or waits to. */
final class Processor {
    private static final Logger LOG = LoggerFactory.getLogger(Processor.class);
    private static final Duration STOPPING = Duration.ofSeconds(2);

    private final Setting setting;
    private final Follower model;
    private final Troubles troubles = new Troubles(Clock.systemUTC());
    private final ClaimTokens tokens;
    private final WindowSource source;
    private final CappedScheduler coordinator;
    private final CappedScheduler worker;
    private final PooledStreamingEventProcessor processor;

    /** What all projections of a node share. */
    record Setting(
            DataSource database,
            HeadWatch heads,
            PositionWatch positions,
            String node,
            int windowPositions,
            ClaimTimes times) {}

    Processor(Setting setting, Follower model, FoldObserver observer) {
        this.setting = setting;
        this.model = model;
        ClaimTimes times = setting.times();
        source = new WindowSource(setting.heads(), setting.windowPositions());
        tokens = new ClaimTokens(model, setting.node(), times.timeout(), source);
        coordinator = new CappedScheduler("ledger-" + model.name() + "-coordinator", times.timeout());
        worker = new CappedScheduler("ledger-" + model.name() + "-worker", times.timeout());
        WindowHandler handler = new WindowHandler(model, tokens, source, setting.positions(), observer);
        processor = new PooledStreamingEventProcessor(
                model.name(),
                List.of(new SimpleEventHandlingComponent().subscribe(WindowStream.WINDOW, handler)),
                configuration(times));
    }

    private PooledStreamingEventProcessorConfiguration configuration(ClaimTimes times) {
        return new PooledStreamingEventProcessorConfiguration()
                .unitOfWorkFactory(new Units(setting.database(), times.limits(), troubles))
                .eventSource(source)
                .tokenStore(tokens)
                .coordinatorExecutor(coordinator)
                .workerExecutor(worker)
                .initialSegmentCount(1)
                .initialToken(windows -> windows.firstToken(null))
                .batchSize(1)
                .tokenClaimInterval(times.interval().toMillis())
                .claimExtensionThreshold(times.interval().toMillis());
    }

    String name() {
        return model.name();
    }

    Troubles troubles() {
        return troubles;
    }

    void start() {
        processor.start().join();
    }

    /**
     * Whether the projection is claimed here but nobody is fed, or a window was lost on its way: Axon's coordinator can get there after
     * quick failures, for good.
     */
    boolean starving() {
        return tokens.held().isPresent() && (!source.isOpen() || source.lostWindow(ClaimTimes.STATEMENT));
    }

    /** Puts it into that state. */
    void starve() {
        source.close();
    }

    /** Ends it and gives the claim back, if the database can be reached. */
    void stop() {
        try {
            processor.shutdown().get(STOPPING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("{} did not stop in order: {}", model.name(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        coordinator.shutdownNow();
        worker.shutdownNow();
        release();
    }

    private void release() {
        tokens.held().ifPresent(claim -> {
            tokens.forget();
            try (Connection connection = setting.database().getConnection()) {
                ProjectionTable.release(connection, claim);
            } catch (SQLException e) {
                LOG.info("cannot give {} back, its claim will end: {}", model.name(), e.getMessage());
            }
        });
    }
}
