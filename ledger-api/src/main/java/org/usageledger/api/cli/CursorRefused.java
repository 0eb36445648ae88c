package org.usageledger.api.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A cursor that the ledger cannot serve as if nothing had happened.
 *
 * @param sentence what happened, as the service words it
 * @param goOn the cursor to go on with, which accepts what is missing; empty if there is none
 */
record CursorRefused(String sentence, Optional<String> goOn) {
    private static final Set<String> TYPES = Set.of("cursor-beyond-head", "cursor-forked", "cursor-pruned");
    private static final List<String> FIELDS = List.of("go_on_with", "rewind_to", "next");

    /** Empty if the answer is anything else. */
    static Optional<CursorRefused> of(Answer answer) {
        if (answer.status() != 409 && answer.status() != 410) {
            return Optional.empty();
        }
        Problem problem = Problem.of(answer);
        if (!TYPES.contains(problem.type())) {
            return Optional.empty();
        }
        Optional<String> goOn = FIELDS.stream()
                .map(field -> JsonText.text(problem.body(), field))
                .filter(text -> !text.isEmpty())
                .findFirst();
        return Optional.of(new CursorRefused(problem.sentence(), goOn));
    }

    CommandFailed failure() {
        return new CommandFailed(
                goOn.map(cursor -> sentence + " To accept that and go on: --after " + cursor + ", or --accept-gap.")
                        .orElse(sentence));
    }
}
