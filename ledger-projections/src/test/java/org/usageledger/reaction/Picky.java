package org.usageledger.reaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.usageledger.event.UsageEvent;

/** Counts like the real one, and then does not stand some events. */
final class Picky implements Reaction {
    private final UndeclaredStates counting;
    Optional<Exception> trouble = Optional.empty();
    final Set<String> unbearable = new HashSet<>();
    final List<String> taken = new ArrayList<>();

    Picky() {
        this(UndeclaredStates.MOST_STATES);
    }

    Picky(int mostStates) {
        counting = new UndeclaredStates(mostStates);
    }

    @Override
    public String name() {
        return counting.name();
    }

    @Override
    public Selection selection() {
        return counting.selection();
    }

    @Override
    public String sequence(Subject subject) {
        return counting.sequence(subject);
    }

    @Override
    public void to(Connection transaction, long position, UsageEvent event) throws SQLException {
        counting.to(transaction, position, event);
        if (unbearable.contains(event.guid())) {
            if (trouble.isPresent() && trouble.get() instanceof SQLException of) {
                throw of;
            }
            throw new IllegalStateException("cannot bear " + event.guid(), trouble.orElse(null));
        }
        taken.add(event.guid());
    }
}
