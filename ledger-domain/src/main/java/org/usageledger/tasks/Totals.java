package org.usageledger.tasks;

/**
 * What a task has done since its process started; all three are of one moment.
 *
 * @param activations begun; one more than the completions while it runs
 * @param completions ended, well or not
 * @param failures of the completions, those that failed
 */
public record Totals(long activations, long completions, long failures) {
    static final Totals NONE = new Totals(0, 0, 0);

    Totals begun() {
        return new Totals(activations + 1, completions, failures);
    }

    Totals ended(Outcome outcome) {
        return new Totals(activations, completions + 1, failures + (outcome == Outcome.FAILED ? 1 : 0));
    }
}
