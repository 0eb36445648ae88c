package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.jobs.ClaimTable.Claimed;
import org.usageledger.tasks.TaskChannel;

/** One claim's carrying-out of an execution, and how it is settled: done, tried again, failed, cancelled, stuck or given back. */
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private final Workplace workplace;
    private final JobObserver observer;
    private final Job job;
    private final Execution execution;
    private final Claimed claimed;

    Attempt(Workplace workplace, JobObserver observer, Job job, Execution execution, Claimed claimed) {
        this.workplace = workplace;
        this.observer = observer;
        this.job = job;
        this.execution = execution;
        this.claimed = claimed;
    }

    Claim claim() {
        return claimed.claim();
    }

    /**
     * Carries the execution on, or cleans it up, and settles what came of it; empty if nothing failed.
     *
     * @param stopping whether this node gives back what it has
     */
    Optional<Executor.Failure> carriedOut(BooleanSupplier stopping) {
        try {
            workplace.faults().at(FaultPoints.Point.AFTER_CLAIM, claimed.claim(), 0, null);
            if (!claimed.parametersAsStored()) {
                return unrecoverable();
            }
            if (claimed.unwinding().isPresent()) {
                ClaimTable.Unwinding unwinding = claimed.unwinding().get();
                // Those that it took before it began to clean up count as well: it gets as many again.
                return claimed.fruitless() > 2L * workplace.times().claims()
                        ? stuck(unwinding.error(), fruitless(claimed.fruitless()))
                        : unwound(unwinding.to(), unwinding.error());
            }
            if (claimed.fruitless() > workplace.times().claims()) {
                return failed(fruitless(claimed.fruitless()));
            }
            return worked(stopping);
        } catch (Fenced e) {
            LOG.info("{}", e.getMessage());
            observer.attempted(job.name(), JobObserver.Attempt.FENCED);
        } catch (InterruptedException e) {
            release();
        } catch (SQLException | RuntimeException e) {
            LOG.warn("cannot settle execution {}: its lease will end", execution.id(), e);
            return Optional.of(failure(ErrorText.of(e), Executor.Then.AGAIN));
        }
        return Optional.empty();
    }

    private static String fruitless(long claims) {
        return "taken up " + (claims - 1) + " times without getting further, and no attempt could say why:"
                + " look into the logs of the nodes that took it up";
    }

    private Optional<Executor.Failure> worked(BooleanSupplier stopping) throws SQLException, InterruptedException {
        try {
            job.carryOut(execution);
            if (!execution.hasEnded()) {
                return faulty(stopping, new IllegalStateException("the job returned before its execution's end"));
            }
            observer.attempted(job.name(), JobObserver.Attempt.DONE);
            observer.ended(job.name(), ExecutionState.DONE);
            return Optional.empty();
        } catch (Cancelled e) {
            LOG.info("{}", e.getMessage());
            execution.settle(transaction -> OutcomeTable.cancelling(transaction, execution.claim()));
            return unwound(ExecutionState.CANCELLED, "");
        } catch (PermanentFailure e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (SQLException | RuntimeException | Error e) {
            if (e instanceof Fenced fenced) {
                throw fenced;
            }
            Optional<Executor.Failure> failure = faulty(stopping, e);
            if (e instanceof Error error) {
                LOG.error("an attempt at execution {} ended in an error", execution.id(), error);
            }
            return failure;
        }
    }

    /** Whatever nobody knows is taken for passing, a bounded number of times. */
    private Optional<Executor.Failure> faulty(BooleanSupplier stopping, Throwable fault)
            throws SQLException, InterruptedException {
        if (stopping.getAsBoolean()
                || Thread.currentThread().isInterrupted()
                || fault.getCause() instanceof InterruptedException) {
            release();
            return Optional.empty();
        }
        int failures = claimed.failures();
        LOG.warn("attempt {} of execution {} of {} failed", failures + 1, execution.id(), job.name(), fault);
        if (failures + 1 >= workplace.times().attempts()) {
            return failed(fault.toString());
        }
        observer.attempted(job.name(), JobObserver.Attempt.FAILED);
        String error = ErrorText.of(fault);
        execution.settle(transaction -> OutcomeTable.retry(
                transaction, execution.claim(), error, workplace.times().retryAfter(failures)));
        return Optional.of(failure(error, Executor.Then.AGAIN));
    }

    private Optional<Executor.Failure> failed(String why) throws SQLException, InterruptedException {
        String error = ErrorText.of(why);
        LOG.error("execution {} of {} failed: {}", execution.id(), job.name(), error);
        observer.attempted(job.name(), JobObserver.Attempt.FAILED);
        execution.settle(transaction -> OutcomeTable.failing(transaction, execution.claim(), error));
        unwound(ExecutionState.FAILED, error);
        return Optional.of(failure(error, Executor.Then.FAILED));
    }

    /** Cleans up and ends it. What cannot clean up either, after as many tries as an attempt has, is stuck. */
    private Optional<Executor.Failure> unwound(ExecutionState to, String error)
            throws SQLException, InterruptedException {
        for (int failures = 0; ; failures++) {
            try {
                execution.settle(transaction -> {
                    job.giveUp(transaction, execution);
                    OutcomeTable.unwound(transaction, execution.claim());
                });
                observer.ended(job.name(), to);
                return Optional.empty();
            } catch (SQLException | RuntimeException | Error e) {
                if (e instanceof Fenced fenced) {
                    throw fenced;
                }
                LOG.warn("execution {} cannot clean up", execution.id(), e);
                if (failures + 1 >= workplace.times().attempts()) {
                    return stuck(error, "it could not clean up: " + e);
                }
                execution.pause(workplace.times().retryAfter(failures));
            }
        }
    }

    private Optional<Executor.Failure> stuck(String error, String cleaning) throws SQLException, InterruptedException {
        String why = ErrorText.of((error.isEmpty() ? "" : error + "; then ") + cleaning);
        LOG.error("execution {} of {} is stuck: {}", execution.id(), job.name(), why);
        execution.settle(transaction -> OutcomeTable.stuck(transaction, execution.claim(), why));
        observer.ended(job.name(), ExecutionState.STUCK);
        return Optional.of(failure(why, Executor.Then.FAILED));
    }

    private Optional<Executor.Failure> unrecoverable() throws SQLException, InterruptedException {
        String why = "its stored parameters are not those that were asked for: their hash differs";
        LOG.error("execution {} of {} is abandoned: {}", execution.id(), job.name(), why);
        execution.settle(transaction -> {
            String left = CleaningUp.tried(transaction, job, execution);
            OutcomeTable.unrecoverable(transaction, execution.claim(), left.isEmpty() ? why : why + "; " + left);
        });
        observer.ended(job.name(), ExecutionState.ABANDONED);
        return Optional.of(failure(why, Executor.Then.ABANDONED));
    }

    private Executor.Failure failure(String message, Executor.Then then) {
        int failures = claimed.failures();
        Optional<Instant> next = then == Executor.Then.AGAIN
                ? Optional.of(Instant.now().plus(workplace.times().retryAfter(failures)))
                : Optional.empty();
        return new Executor.Failure(job.name(), failures + 1, message, then, next);
    }

    private void release() {
        // An interrupt has done its work; kept, it would cut the connection as well.
        Thread.interrupted();
        observer.attempted(job.name(), JobObserver.Attempt.RELEASED);
        Claim claim = execution.claim();
        try (Connection connection = workplace.database().getConnection()) {
            OutcomeTable.release(connection, claim);
            TaskChannel.announce(connection);
        } catch (SQLException e) {
            LOG.info("cannot give back execution {}, its lease will end: {}", claim.execution(), e.getMessage());
        }
    }
}
