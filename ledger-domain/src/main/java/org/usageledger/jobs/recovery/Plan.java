package org.usageledger.jobs.recovery;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What a pass does. Each execution that is listed or known here has exactly one verdict, in the order of their ids.
 *
 * @param found how many executions were listed
 * @param settled entries that need not be kept whatever becomes of the verdicts: their end was said before the listing began, or their
 *     doubt is cleared
 * @param unseen entries in doubt whose row the listing does not show
 */
public record Plan(List<Verdict> verdicts, int found, List<Key> settled, List<Key> unseen) {

    public Plan {
        verdicts = List.copyOf(verdicts);
        settled = List.copyOf(settled);
        unseen = List.copyOf(unseen);
        Set<UUID> judged = new HashSet<>();
        for (Verdict verdict : verdicts) {
            if (!judged.add(verdict.execution())) {
                throw new IllegalArgumentException("execution " + verdict.execution() + " has two verdicts");
            }
        }
    }

    /** What is to be claimed. */
    public List<Verdict.Claim> claims() {
        return of(Verdict.Claim.class);
    }

    /** What is to be cancelled here. */
    public List<Verdict.Fenced> fenced() {
        return of(Verdict.Fenced.class);
    }

    /** What is to be looked up by its id. */
    public List<Verdict.MaybeDone> maybeDone() {
        return of(Verdict.MaybeDone.class);
    }

    /** The verdicts of one kind, in order. */
    public <V extends Verdict> List<V> of(Class<V> kind) {
        return verdicts.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Whether every listed execution has a verdict about a row, and only those. */
    public boolean addsUp() {
        long unlisted = verdicts.stream()
                .filter(verdict -> switch (verdict) {
                    case Verdict.Forget _, Verdict.Keep _, Verdict.MaybeDone _ -> true;
                    case Verdict.Claim _,
                            Verdict.SkipRunning _,
                            Verdict.Fenced _,
                            Verdict.Others _,
                            Verdict.Backoff _,
                            Verdict.ForeignGeneration _,
                            Verdict.Unreadable _ -> false;
                })
                .count();
        return found == verdicts.size() - unlisted;
    }
}
