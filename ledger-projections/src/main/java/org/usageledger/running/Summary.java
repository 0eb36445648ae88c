package org.usageledger.running;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What runs, counted. */
public record Summary(AsOf asOf, List<Group> groups) {

    /**
     * One line of it.
     *
     * @param key a kind's name or a guid; null for resources whose events name none
     * @param instances of processes and tasks
     * @param memoryMb of all instances together: three events as large as an event can be are more than a long holds
     */
    public record Group(@Nullable String key, long resources, long instances, BigInteger memoryMb) {}
}
