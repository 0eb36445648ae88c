package org.usageledger.tasks;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One activation that has ended.
 *
 * @param failure what it threw, if it did
 */
record Attempt(Outcome outcome, Result result, @Nullable Throwable failure) {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    static Attempt returned(Result result) {
        return new Attempt(result.success() ? Outcome.SUCCESS : Outcome.FAILED, result, null);
    }

    /** @param stopping whether it was interrupted because its node stops: what it throws then is no failure of its own */
    static Attempt threw(Throwable failure, boolean stopping) {
        return stopping
                ? new Attempt(Outcome.STOPPED, Result.failure("interrupted: this node stops", Map.of()), failure)
                : new Attempt(Outcome.FAILED, Result.failure(failure.toString(), Map.of()), failure);
    }

    /**
     * When it begins to fail, when it fails in another way, and when it does no more: a task may be activated very often.
     *
     * @param failedBefore the summary of the activation before, if that failed
     */
    void log(String task, Optional<String> failedBefore) {
        switch (outcome) {
            case FAILED -> {
                if (!failedBefore.equals(Optional.of(result.summary()))) {
                    LOG.warn("task {} failed: {}", task, result.summary(), failure);
                }
            }
            case SUCCESS -> {
                if (failedBefore.isPresent()) {
                    LOG.info("task {} succeeds again: {}", task, result.summary());
                }
            }
            case STOPPED, UNKNOWN -> LOG.debug("task {}: {}", task, result.summary());
        }
    }
}
