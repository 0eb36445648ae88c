package org.usageledger.api.events;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.usageledger.log.Tail;

/** How many streams each caller reads at a time, so that none takes the places of all others. */
final class CallersStreams {
    /** Of one caller: far more than one program needs, and a tenth of all there are. */
    static final int MOST = Tail.MOST_FOLLOWERS / 10;

    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    /** Whether this caller has all it may. One who does not have to say who it is has no bound of its own. */
    boolean isFull(Optional<String> caller) {
        return caller.map(name -> taken.getOrDefault(name, 0) >= MOST).orElse(false);
    }

    /** Takes a place, to be given back; false if there is none. */
    boolean take(Optional<String> caller) {
        if (caller.isEmpty()) {
            return true;
        }
        boolean[] got = {false};
        taken.compute(caller.get(), (_, now) -> {
            int held = now == null ? 0 : now;
            got[0] = held < MOST;
            return got[0] ? Integer.valueOf(held + 1) : now;
        });
        return got[0];
    }

    void giveBack(Optional<String> caller) {
        caller.ifPresent(name -> taken.computeIfPresent(name, (_, held) -> held == 1 ? null : held - 1));
    }
}
