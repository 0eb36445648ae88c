package org.usageledger.api.observe;

import java.util.List;
import java.util.function.Supplier;
import org.usageledger.jobs.ForgettingTask;
import org.usageledger.jobs.JobNode;
import org.usageledger.jobs.Jobs;
import org.usageledger.jobs.Nodes;
import org.usageledger.jobs.schedule.Schedules;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogAppender;
import org.usageledger.log.LogReader;
import org.usageledger.log.Tail;
import org.usageledger.projection.ProjectionStatus;

/**
 * The parts of a ledger that are looked at.
 *
 * @param log on connections that no reader takes
 * @param projections how each does; asks the database
 * @param pools of connections to the database
 * @param name the node's
 */
public record Observed(
        LogReader log,
        HeadWatch watch,
        Tail tail,
        LogAppender appender,
        Supplier<List<ProjectionStatus>> projections,
        Jobs jobs,
        JobNode node,
        Nodes nodes,
        Schedules schedules,
        ForgettingTask forgetting,
        List<Supplier<PoolUse>> pools,
        String name,
        String version) {

    /**
     * How a pool of connections is used at one moment.
     *
     * @param waiting threads that wait for a connection
     */
    public record PoolUse(String pool, int active, int idle, int waiting, int most) {}
}
