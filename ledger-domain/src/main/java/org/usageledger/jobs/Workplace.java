package org.usageledger.jobs;

import java.util.concurrent.Semaphore;
import javax.sql.DataSource;

/**
 * What the executions of one node share.
 *
 * @param room one permit for each connection that they may use at a time: who waits, waits in line and not for a pool's patience to end
 */
record Workplace(DataSource database, Semaphore room, JobTimes times, FaultPoints faults) {

    static Workplace of(DataSource database, JobTimes times, FaultPoints faults) {
        return new Workplace(database, new Semaphore(times.connections(), true), times, faults);
    }
}
