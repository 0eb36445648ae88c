package org.usageledger.jobs.recovery;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * All active executions, as one snapshot of the database shows them, in the order of their ids.
 *
 * @param beganAt the {@linkplain LocalExecutions#mark mark} taken before the listing was read
 */
public record Listing(List<Listed> rows, long beganAt) {

    public Listing {
        rows = rows.stream().sorted(Comparator.comparing(Listed::execution)).toList();
        Set<UUID> seen = new HashSet<>();
        for (Listed row : rows) {
            if (!seen.add(row.execution())) {
                throw new IllegalArgumentException("execution " + row.execution() + " is listed twice");
            }
        }
    }
}
