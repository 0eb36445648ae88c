package org.usageledger.jobs.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What recovery did on this node since its process started: what one will wish to have when something is broken. It is never changed: each
 * event makes the next report from the last.
 *
 * @param counts what is held here, and what came and went, as of the last pass
 * @param recentRecoveries newest first
 * @param recentFailures newest first
 */
public record RecoveryReport(
        LocalCounts counts,
        Alarms alarms,
        LastPass lastPass,
        List<Recovery> recentRecoveries,
        List<Failure> recentFailures) {
    /** How many recoveries, and how many failures, are remembered. */
    public static final int REMEMBERED = 128;

    public RecoveryReport {
        recentRecoveries = List.copyOf(recentRecoveries);
        recentFailures = List.copyOf(recentFailures);
    }

    /**
     * Counts since the process started that are not the bookkeeping's own.
     *
     * @param attemptFailures of claims and of attempts alike: one execution that fails n times counts n
     * @param missing look-ups of an acknowledged row that found none: must stay 0
     * @param listingBug look-ups that found active what was not listed: must stay 0
     * @param unreadable rows that could not be decoded, counted in every pass: must stay 0
     */
    public record Alarms(
            long attemptFailures,
            long abandoned,
            long listingFailures,
            long missing,
            long listingBug,
            long unreadable) {}

    /** Before the first pass. */
    public static RecoveryReport neverRun() {
        return new RecoveryReport(
                new LocalCounts(0, 0, 0, 0, 0, new Tally()),
                new Alarms(0, 0, 0, 0, 0, 0),
                new LastPass.NeverRun(),
                List.of(),
                List.of());
    }

    /**
     * A pass went through.
     *
     * @param now what is held after {@link LocalExecutions#after}
     */
    public RecoveryReport completed(Pass pass, LocalCounts now) {
        LastPass.Completed completed = LastPass.completed(
                pass, now.tally().of(Tally.Count.FORGOTTEN) - counts.tally().of(Tally.Count.FORGOTTEN));
        List<Failure> failures = LastPass.failures(pass);
        Alarms counted = new Alarms(
                alarms.attemptFailures + failures.size(),
                alarms.abandoned,
                alarms.listingFailures,
                alarms.missing + outcomes(pass, Outcome.FoundNothing.class),
                alarms.listingBug + outcomes(pass, Outcome.FoundActive.class),
                alarms.unreadable + completed.unreadable());
        List<Recovery> recovered = pass.plan().claims().stream()
                .filter(claim -> !(claim instanceof Verdict.Start))
                .filter(claim -> pass.outcomes().get(claim.execution()) instanceof Outcome.Claimed)
                .map(claim -> Recovery.of(claim, pass.at()))
                .toList();
        return new RecoveryReport(
                now,
                counted,
                completed,
                newest(recovered.reversed(), recentRecoveries),
                newest(failures.reversed(), recentFailures));
    }

    private static long outcomes(Pass pass, Class<? extends Outcome> kind) {
        return pass.outcomes().values().stream().filter(kind::isInstance).count();
    }

    /** The listing failed: nothing was planned. */
    public RecoveryReport listingFailed(String message, LocalCounts now) {
        Alarms counted = new Alarms(
                alarms.attemptFailures,
                alarms.abandoned,
                alarms.listingFailures + 1,
                alarms.missing,
                alarms.listingBug,
                alarms.unreadable);
        return new RecoveryReport(now, counted, new LastPass.Failed(message), recentRecoveries, recentFailures);
    }

    /** The pass failed after its listing. */
    public RecoveryReport passFailed(String message, LocalCounts now) {
        return new RecoveryReport(now, alarms, new LastPass.Failed(message), recentRecoveries, recentFailures);
    }

    /** An attempt failed in its thread. */
    public RecoveryReport attemptFailed(Failure failure) {
        Alarms counted = new Alarms(
                alarms.attemptFailures + 1,
                alarms.abandoned,
                alarms.listingFailures,
                alarms.missing,
                alarms.listingBug,
                alarms.unreadable);
        return new RecoveryReport(
                counts, counted, lastPass, recentRecoveries, newest(List.of(failure), recentFailures));
    }

    /** An execution was given up for good. */
    public RecoveryReport abandoned() {
        Alarms counted = new Alarms(
                alarms.attemptFailures,
                alarms.abandoned + 1,
                alarms.listingFailures,
                alarms.missing,
                alarms.listingBug,
                alarms.unreadable);
        return new RecoveryReport(counts, counted, lastPass, recentRecoveries, recentFailures);
    }

    /** As JSON shows it: maps, lists, strings, numbers and booleans. */
    public Map<String, Object> details() {
        return ReportDetails.of(this);
    }

    private static <T> List<T> newest(List<T> first, List<T> then) {
        List<T> all = new ArrayList<>(first.size() + then.size());
        Stream.of(first, then).forEach(all::addAll);
        return all.subList(0, Math.min(REMEMBERED, all.size()));
    }
}
