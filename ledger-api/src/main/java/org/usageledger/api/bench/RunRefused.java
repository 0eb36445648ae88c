package org.usageledger.api.bench;

/** What was measured did not do its work: its figures are worth nothing. */
final class RunRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RunRefused(String sentence) {
        super(sentence);
    }
}
