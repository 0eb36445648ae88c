package org.usageledger.api.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sends an input in order, one request at a time: the events of a resource must reach the ledger in their order, and a request that
 * overtook another would turn a stop and its start around.
 */
final class Appending {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    /** A service that finds a request too large may close the connection before its answer is read. */
    private static final int LOSSES_BEFORE_SMALLER = 3;

    private final PersistentCaller caller;
    private final AppendTally tally;
    private final boolean skipping;
    private final Consumer<Batch> durable;
    private RequestLimits limits;

    /**
     * @param skipping conflicting and forgotten events are left out instead of refusing their request
     * @param durable told after each request that was answered for whole
     */
    Appending(
            PersistentCaller caller,
            AppendTally tally,
            boolean skipping,
            RequestLimits limits,
            Consumer<Batch> durable) {
        this.caller = caller;
        this.tally = tally;
        this.skipping = skipping;
        this.limits = limits;
        this.durable = durable;
    }

    /** Sends everything; false if the service refused a request, of which then nothing is recorded. */
    boolean all(EntryQueue queue) throws IOException, InterruptedException {
        for (List<Entry> entries = queue.next(limits); !entries.isEmpty(); entries = queue.next(limits)) {
            if (!send(new Batch(entries))) {
                return false;
            }
        }
        return true;
    }

    private boolean send(Batch batch) throws InterruptedException {
        Optional<Answer> answer =
                caller.send(call(batch), batch.size() == 1 ? Integer.MAX_VALUE : LOSSES_BEFORE_SMALLER);
        if (answer.isEmpty()) {
            return inHalves(batch);
        }
        return switch (answer.get().status()) {
            case 200 -> {
                tally.answered(batch, answer.get().json());
                durable.accept(batch);
                yield true;
            }
            case 413 -> batch.size() == 1 ? refused(batch, answer.get()) : inHalves(batch);
            case 400, 409, 422 -> refused(batch, answer.get());
            default -> throw Problem.of(answer.get()).failure();
        };
    }

    private boolean inHalves(Batch batch) throws InterruptedException {
        limits = limits.below(batch.size(), batch.bytes());
        return send(batch.firstHalf()) && send(batch.secondHalf());
    }

    private boolean refused(Batch batch, Answer answer) {
        Problem problem = Problem.of(answer);
        tally.refused(problem, batch);
        if (!tally.hasRefusals()) {
            throw problem.failure();
        }
        return false;
    }

    private Call call(Batch batch) {
        Call call = Call.post(
                skipping ? "/v1/events?on_conflict=skip" : "/v1/events",
                "application/x-ndjson",
                batch.ndjson(),
                DEADLINE);
        return skipping || tally.wantsResults() ? call : call.with("Prefer", "return=minimal");
    }
}
