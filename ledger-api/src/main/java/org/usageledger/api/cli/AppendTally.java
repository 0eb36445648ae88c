package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What has become of the input so far. Written by the command, read by its last words too. */
final class AppendTally {
    /** Refusals kept to be listed; beyond it they are only counted. */
    static final int LISTED = 1_000;

    private long recorded;
    private long duplicates;
    private long suppressed;
    private long conflicts;
    private long refused;
    private long skipped;
    private String head = "";
    private Optional<Entry> last = Optional.empty();
    private final List<Refusal> refusals = new ArrayList<>();
    private final @Nullable Consumer<JsonNode> results;

    /** Of the counts alone. */
    AppendTally() {
        results = null;
    }

    /** @param results told what became of each event */
    AppendTally(Consumer<JsonNode> results) {
        this.results = results;
    }

    /** Whether answers should say what became of each event. */
    boolean wantsResults() {
        return results != null;
    }

    /** The service has answered for every event of the batch. */
    synchronized void answered(Batch batch, JsonNode answer) {
        recorded += answer.path("recorded").asLong();
        duplicates += answer.path("duplicates").asLong();
        suppressed += answer.path("suppressed").asLong();
        head = JsonText.text(answer, "head");
        last = Optional.of(batch.last());
        int index = 0;
        for (JsonNode result : answer.path("results")) {
            if (index < batch.size()) {
                leftOut(result, batch.entries().get(index++));
            }
            if (results != null) {
                results.accept(result);
            }
        }
    }

    /** The service has taken nothing of the batch. */
    synchronized void refused(Problem problem, Batch batch) {
        for (Refusal refusal : Refusal.listed(problem, batch)) {
            count(problem.status() == 409, refusal);
        }
    }

    synchronized void skipped(Entry entry) {
        skipped++;
        last = Optional.of(entry);
    }

    synchronized AppendReport report(double seconds, boolean complete) {
        return new AppendReport(
                new AppendReport.Counts(recorded, duplicates, suppressed, conflicts, refused, skipped),
                head,
                last.map(Entry::number).orElse(0L),
                last.map(Entry::line).orElse(0L),
                seconds,
                complete,
                List.copyOf(refusals));
    }

    synchronized Optional<Entry> last() {
        return last;
    }

    synchronized boolean hasRefusals() {
        return !refusals.isEmpty();
    }

    synchronized String head() {
        return head;
    }

    private void leftOut(JsonNode result, Entry entry) {
        String outcome = JsonText.text(result, "outcome");
        if (outcome.equals("conflict") || outcome.equals("refused")) {
            count(outcome.equals("conflict"), Refusal.leftOut(result, entry));
        }
    }

    private void count(boolean conflict, Refusal refusal) {
        conflicts += conflict ? 1 : 0;
        refused += conflict ? 0 : 1;
        if (refusals.size() < LISTED) {
            refusals.add(refusal);
        }
    }
}
