/**
 * What a node does about the executions it finds active: which it starts, recovers, takes over or lets alone, decided by a pure function
 * from a listing of all of them and from what runs in this process.
 *
 * <p>A pass works in this order, which is what makes it right: the mark is taken ({@link org.usageledger.jobs.recovery.LocalExecutions#mark}),
 * the database lists, the messages of this process are drained (also if the listing failed), the planner plans, the plan is carried out by
 * statements that check again what they rely on, and the sets are brought up to date. Drained before the listing, an execution that starts
 * in between would be listed and not known here: it would be carried out twice.
 *
 * <p>Nothing here reads a clock, a database or a file.
 */
@NullMarked
package org.usageledger.jobs.recovery;

import org.jspecify.annotations.NullMarked;
