package org.usageledger.reaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.event.StoredForm;
import org.usageledger.event.UnreadableBody;
import org.usageledger.event.UsageEvent;
import org.usageledger.projection.Follower;
import org.usageledger.projection.Window;

/**
 * A reaction as it follows the log. It goes over windows like a projection, so that its position also passes what it is not about and its hold does not keep
 * retention from that; within a window it takes single events, in order.
 */
public final class Reacting implements Follower {
    /** Letters of one reaction. With more than this something else is wrong than an event: it stops, and says so. */
    static final long MOST_LETTERS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Reacting.class);

    private final Reaction reaction;
    private final long mostLetters;
    private final StoredForm stored = new StoredForm();

    public Reacting(Reaction reaction) {
        this(reaction, MOST_LETTERS);
    }

    Reacting(Reaction reaction, long mostLetters) {
        this.reaction = reaction;
        this.mostLetters = mostLetters;
    }

    @Override
    public String name() {
        return reaction.name();
    }

    @Override
    public int shape() {
        return 1;
    }

    @Override
    public void fold(Connection transaction, int slot, Window window) throws SQLException {
        DeadLetterTable letters = new DeadLetterTable(transaction, reaction.name());
        SelectedEvents.forEach(transaction, reaction.selection(), window, event -> take(transaction, letters, event));
    }

    private void take(Connection transaction, DeadLetterTable letters, Parked parked) throws SQLException {
        UsageEvent event;
        try {
            event = parked.decode(stored);
        } catch (UnreadableBody e) {
            park(letters, parked, "unreadable", Attempt.cause(e));
            return;
        }
        String sequence = reaction.sequence(event);
        if (letters.waits(sequence)) {
            bound(letters);
            letters.park(parked, sequence, null);
            return;
        }
        Optional<String> cause = Attempt.at(transaction, reaction, parked.position(), event);
        if (cause.isPresent()) {
            park(letters, parked, sequence, cause.get());
        }
    }

    private void park(DeadLetterTable letters, Parked event, String sequence, String cause) throws SQLException {
        bound(letters);
        LOG.warn("{} parks the event at {}: {}", reaction.name(), event.position(), cause);
        letters.park(event, sequence, cause);
    }

    private void bound(DeadLetterTable letters) throws SQLException {
        if (letters.count() >= mostLetters) {
            throw new IllegalStateException(
                    reaction.name() + " has parked " + mostLetters + " events; take or evict them before it goes on");
        }
    }
}
