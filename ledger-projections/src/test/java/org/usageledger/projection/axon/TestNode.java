package org.usageledger.projection.axon;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.usageledger.log.HeadWatch;
import org.usageledger.projection.FaultyDatabase;
import org.usageledger.projection.PositionWatch;
import org.usageledger.projection.ProjectionStatus;
import org.usageledger.projection.ReadModel;
import org.usageledger.running.RunningFold;

/** One service's part in projecting, on a line of its own to the database. */
final class TestNode implements AutoCloseable {
    static final ClaimTimes QUICK = new ClaimTimes(Duration.ofSeconds(1));

    final FaultyDatabase line;
    final HeadWatch heads;
    final PositionWatch positions;
    final ProjectionRunner runner;

    TestNode(DataSource database, String name) {
        this(database, name, new RunningFold());
    }

    TestNode(DataSource database, String name, ReadModel model) {
        this(database, name, model, QUICK);
    }

    TestNode(DataSource database, String name, ReadModel model, ClaimTimes times) {
        line = new FaultyDatabase(database);
        heads = new HeadWatch(line, Duration.ofMillis(20));
        positions = new PositionWatch(line, Duration.ofMillis(20));
        runner = new ProjectionRunner(new Processor.Setting(line, heads, positions, name, 500, times), List.of(model));
    }

    TestNode start() {
        runner.start();
        return this;
    }

    ProjectionStatus status() {
        return runner.status().getFirst();
    }

    Optional<String> owner() {
        return status().owner();
    }

    @Override
    public void close() {
        line.mend();
        runner.close();
        heads.close();
        positions.close();
    }
}
