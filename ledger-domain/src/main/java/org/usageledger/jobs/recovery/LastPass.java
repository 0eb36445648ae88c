package org.usageledger.jobs.recovery;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** What the last pass came to. */
public sealed interface LastPass {

    /** As reports show it. */
    String kind();

    /** There was none. */
    record NeverRun() implements LastPass {
        @Override
        public String kind() {
            return "never_run";
        }
    }

    /** The listing failed, or something did that ends a pass. */
    record Failed(String message) implements LastPass {
        @Override
        public String kind() {
            return "failed";
        }
    }

    /**
     * It went through.
     *
     * @param found how many executions were listed
     * @param started claimed because they were pending and due
     * @param failed claims that failed
     * @param skipped carried out here
     * @param others another node's, those among them that another was faster to claim, and those fenced off here
     * @param deferred claimable, and no room here
     * @param forgotten entries dropped because their end was said, since the pass before
     * @param list how long the listing took
     * @param execute how long carrying the plan out took
     */
    record Completed(
            long found,
            long started,
            long recovered,
            long takenOver,
            long failed,
            long skipped,
            long others,
            long backoff,
            long foreign,
            long unreadable,
            long deferred,
            long forgotten,
            Duration list,
            Duration execute)
            implements LastPass {
        @Override
        public String kind() {
            return "completed";
        }

        /** Whether everything that was found is in exactly one of the other counts. */
        public boolean addsUp() {
            return found
                    == started
                            + recovered
                            + takenOver
                            + failed
                            + skipped
                            + others
                            + backoff
                            + foreign
                            + unreadable
                            + deferred;
        }

        /** Whether no claim failed. */
        public boolean success() {
            return failed == 0;
        }

        /** Whether everything this node may claim is claimed, as far as the listing can tell. */
        public boolean nothingLeft() {
            return failed == 0 && deferred == 0 && unreadable == 0;
        }
    }

    /** Counts a pass's outcomes. */
    static Completed completed(Pass pass, long forgotten) {
        Map<Bucket, Long> counts = pass.plan().verdicts().stream()
                .collect(Collectors.groupingBy(
                        verdict -> bucket(verdict, pass.outcomes()),
                        () -> new EnumMap<>(Bucket.class),
                        Collectors.counting()));
        return new Completed(
                pass.plan().found(),
                counts.getOrDefault(Bucket.STARTED, 0L),
                counts.getOrDefault(Bucket.RECOVERED, 0L),
                counts.getOrDefault(Bucket.TAKEN_OVER, 0L),
                counts.getOrDefault(Bucket.FAILED, 0L),
                counts.getOrDefault(Bucket.SKIPPED, 0L),
                counts.getOrDefault(Bucket.OTHERS, 0L),
                counts.getOrDefault(Bucket.BACKOFF, 0L),
                counts.getOrDefault(Bucket.FOREIGN, 0L),
                counts.getOrDefault(Bucket.UNREADABLE, 0L),
                counts.getOrDefault(Bucket.DEFERRED, 0L),
                forgotten,
                pass.list(),
                pass.execute());
    }

    /** Where an execution is counted. */
    enum Bucket {
        STARTED,
        RECOVERED,
        TAKEN_OVER,
        FAILED,
        SKIPPED,
        OTHERS,
        BACKOFF,
        FOREIGN,
        UNREADABLE,
        DEFERRED,
        UNLISTED
    }

    private static Bucket bucket(Verdict verdict, Map<UUID, Outcome> outcomes) {
        return switch (verdict) {
            case Verdict.Claim claim -> bucket(claim, outcomes.getOrDefault(claim.execution(), new Outcome.Deferred()));
            case Verdict.SkipRunning _ -> Bucket.SKIPPED;
            case Verdict.Fenced _, Verdict.Others _ -> Bucket.OTHERS;
            case Verdict.Backoff _ -> Bucket.BACKOFF;
            case Verdict.ForeignGeneration _ -> Bucket.FOREIGN;
            case Verdict.Unreadable _ -> Bucket.UNREADABLE;
            case Verdict.Forget _, Verdict.Keep _, Verdict.MaybeDone _ -> Bucket.UNLISTED;
        };
    }

    private static Bucket bucket(Verdict.Claim claim, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Claimed _ ->
                switch (claim) {
                    case Verdict.Start _ -> Bucket.STARTED;
                    case Verdict.Recover _, Verdict.LostLocally _ -> Bucket.RECOVERED;
                    case Verdict.TakeOver _ -> Bucket.TAKEN_OVER;
                };
            case Outcome.Elsewhere _ -> Bucket.OTHERS;
            case Outcome.Deferred _ -> Bucket.DEFERRED;
            case Outcome.Failed _ -> Bucket.FAILED;
            case Outcome.FoundEnded _, Outcome.FoundActive _, Outcome.FoundNothing _, Outcome.Unanswered _ ->
                throw new IllegalArgumentException("the outcome of " + claim + " is that of a look-up: " + outcome);
        };
    }

    /** The failures among a pass's claims. */
    static List<Failure> failures(Pass pass) {
        return pass.plan().claims().stream()
                .map(claim -> pass.outcomes().get(claim.execution()))
                .filter(Outcome.Failed.class::isInstance)
                .map(outcome -> ((Outcome.Failed) outcome).failure())
                .toList();
    }
}
