package org.usageledger.reaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
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

    /** How often an event may seem to be stopped by trouble that is not its own. */
    static final int PATIENCE = 5;

    private record Failing(long position, int times) {}

    private final AtomicReference<Failing> failing = new AtomicReference<>(new Failing(0, 0));
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
        SelectedEvents.forEach(
                transaction,
                reaction.selection(),
                window,
                (event, subject) -> take(transaction, letters, event, subject));
    }

    private void take(Connection transaction, DeadLetterTable letters, Parked parked, Subject subject)
            throws SQLException {
        String sequence;
        try {
            sequence = reaction.sequence(subject);
        } catch (RuntimeException e) {
            park(letters, parked, "unknown", Attempt.cause(e));
            return;
        }
        if (letters.waits(sequence)) {
            bound(letters);
            letters.park(parked, sequence, null);
            return;
        }
        Optional<String> cause = attempt(transaction, parked);
        if (cause.isPresent()) {
            park(letters, parked, sequence, cause.get());
        }
    }

    private Optional<String> attempt(Connection transaction, Parked parked) throws SQLException {
        UsageEvent event;
        try {
            event = parked.decode(stored);
        } catch (UnreadableBody e) {
            return Optional.of(Attempt.cause(e));
        }
        long position = parked.position();
        Failing before = failing.get();
        boolean again = before.position() == position;
        try {
            return again && before.times() >= PATIENCE
                    ? Attempt.last(transaction, reaction, position, event)
                    : Attempt.at(transaction, reaction, position, event);
        } catch (SQLException e) {
            failing.set(new Failing(position, again ? before.times() + 1 : 1));
            throw e;
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
