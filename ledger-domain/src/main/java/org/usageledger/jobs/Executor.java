package org.usageledger.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.jobs.ClaimTable.Claimed;

/** Carries out, each on a thread of its own, the executions that this node has claimed, and settles how each attempt ended. */
final class Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final Workplace workplace;
    private final Map<String, Job> jobs;
    private final JobObserver observer;
    private final Ends ends;
    private final Semaphore places;
    private final Map<UUID, Local> local = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Local(Claim claim, Thread thread) {}

    /** Told when a thread has done with a claim, whatever became of it; in that thread, after its last transaction. */
    @FunctionalInterface
    interface Ends {
        void ended(Claim claim, Optional<Failure> failure);
    }

    /**
     * An attempt that failed.
     *
     * @param then what becomes of the execution
     * @param nextAttemptAt about when, if it is; by this node's clock
     */
    record Failure(String job, int attempt, String message, Then then, Optional<Instant> nextAttemptAt) {}

    /** What becomes of an execution after an attempt that failed. */
    enum Then {
        AGAIN,
        FAILED,
        ABANDONED
    }

    Executor(Workplace workplace, Map<String, Job> jobs, JobObserver observer, Ends ends) {
        this.workplace = workplace;
        this.jobs = jobs;
        this.observer = observer;
        this.ends = ends;
        this.places = new Semaphore(workplace.times().concurrent());
    }

    /** Takes a place for an execution that is about to be claimed; false if all are taken, or this node stops. */
    boolean reserve() {
        return !closed && places.tryAcquire();
    }

    /** Gives back a place that was taken and not used. */
    void unreserve() {
        places.release();
    }

    /** Places that are free now. */
    int free() {
        return closed ? 0 : places.availablePermits();
    }

    /** Begins what was claimed, in the place taken for it. A second one of the same execution is a defect, and throws. */
    void begin(Claimed claimed) {
        UUID id = claimed.claim().execution();
        Execution execution = new Execution(
                workplace,
                claimed.claim(),
                claimed.parameters().named(),
                (step, began, failed) -> observer.worked(new JobObserver.Work(
                        claimed.job(), id, step, began, Duration.between(began, Instant.now()), failed)));
        Job job = jobs.get(claimed.job());
        if (job == null) {
            throw new IllegalStateException("claimed an execution of a job that is not here: " + claimed.job());
        }
        Attempt attempted = new Attempt(workplace, observer, job, execution, claimed);
        Thread thread = Thread.ofVirtual().name("ledger-execution-" + id).unstarted(() -> run(attempted));
        if (local.putIfAbsent(id, new Local(claimed.claim(), thread)) != null) {
            throw new IllegalStateException("execution " + id + " is carried out on this node already");
        }
        try {
            thread.start();
        } catch (Error e) {
            local.remove(id);
            throw e;
        }
        if (closed) {
            thread.interrupt();
        }
    }

    private void run(Attempt attempted) {
        Claim claim = attempted.claim();
        Optional<Failure> failure = Optional.empty();
        try {
            failure = attempted.carriedOut(() -> closed);
        } finally {
            local.remove(claim.execution());
            places.release();
            ends.ended(claim, failure);
        }
    }

    /** The claims whose executions are carried out here now. */
    List<Claim> held() {
        return local.values().stream().map(Local::claim).toList();
    }

    /** Stops those of the given claims that are not held any more: another node has them, or they have just ended. */
    void stopAllBut(List<Claim> asked, Set<UUID> held) {
        for (Claim claim : asked) {
            if (!held.contains(claim.execution())) {
                stop(claim);
            }
        }
    }

    /** Stops carrying this claim out, if it still is. */
    void stop(Claim claim) {
        Local one = local.get(claim.execution());
        if (one != null && one.claim().equals(claim)) {
            one.thread().interrupt();
        }
    }

    /** Stops all, between two chunks, and begins no more. Returns at once. */
    void stopAll() {
        if (closed) {
            // Interrupted again, one would lose the connection with which it gives back what it has.
            return;
        }
        closed = true;
        local.values().forEach(one -> one.thread().interrupt());
    }

    /** Whether all were asked to stop. */
    boolean isStopped() {
        return closed;
    }

    /** As {@link #stopAll}, and waits a while for their ends. */
    void close() throws InterruptedException {
        stopAll();
        for (Local one : List.copyOf(local.values())) {
            boolean begun = one.thread().getState() != Thread.State.NEW;
            if (begun && !one.thread().join(CLOSING)) {
                LOG.warn("{} did not end within {}", one.thread().getName(), CLOSING);
            }
        }
    }
}
