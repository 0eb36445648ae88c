package org.usageledger.log;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.usageledger.event.EventIdentity;
import org.usageledger.lifecycle.Resource;

/**
 * What the judge needs of the log, read after the counter was locked.
 *
 * @param head the last position given
 * @param forgottenBefore unseen events older than this are refused
 * @param known of the identities asked about, those on record
 * @param evidence of every task whose beginning or stop is among the requests
 * @param waiting the suppressed stops of those tasks, oldest first
 * @param newest of every resource with a condition its newest position, 0 if it has none
 * @param forks of every older history in which a condition was decided, the position after which nothing of it is left
 */
record Snapshot(
        long head,
        Instant forgottenBefore,
        Map<EventIdentity, Known> known,
        Map<Resource, Evidence> evidence,
        Map<Resource, List<NewEvent>> waiting,
        Map<Resource, Long> newest,
        Map<Integer, Long> forks) {}
