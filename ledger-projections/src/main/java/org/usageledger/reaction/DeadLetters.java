package org.usageledger.reaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.usageledger.event.StoredForm;
import org.usageledger.event.UnreadableBody;
import org.usageledger.projection.ProjectionFault;
import org.usageledger.projection.ProjectionTable;

/** What an operator does about dead letters: reads them, has them tried again, or gives one up. */
public final class DeadLetters {
    /** The most letters on one page. */
    public static final int MOST_LISTED = 1_000;

    private final DataSource database;
    private final List<Reaction> reactions;
    private final StoredForm stored = new StoredForm();

    /** @param reactions those known here */
    public DeadLetters(DataSource database, List<Reaction> reactions) {
        this.database = database;
        this.reactions = List.copyOf(reactions);
    }

    /**
     * What trying a sequence again came to.
     *
     * @param taken letters that are gone now
     * @param cause why the next one is not; empty if none is left
     */
    public record Retried(int taken, Optional<String> cause) {}

    /**
     * In the order of their positions.
     *
     * @param after 0 for the first page, else the last position of the page before
     * @param limit 1 to {@value #MOST_LISTED}
     */
    public List<DeadLetter> list(String reaction, long after, int limit) {
        if (limit < 1 || limit > MOST_LISTED) {
            throw new IllegalArgumentException("a page of letters holds 1 to " + MOST_LISTED + ", not " + limit);
        }
        return inTransaction(
                "listing dead letters", connection -> new DeadLetterTable(connection, reaction).list(after, limit));
    }

    /**
     * Tries the sequence of this letter again, oldest first, until one fails or none is left.
     *
     * @return empty if there is no such letter
     */
    public Optional<Retried> retry(String reaction, long position) {
        Reaction known = known(reaction);
        return inTransaction("trying dead letters again", connection -> {
            // What the log brings meanwhile waits: it must not come between the letters and the end of their sequence.
            ProjectionTable.lock(connection, reaction);
            DeadLetterTable letters = new DeadLetterTable(connection, reaction);
            Optional<String> sequence = letters.sequenceOf(position);
            return sequence.isEmpty()
                    ? Optional.empty()
                    : Optional.of(retry(connection, known, letters, sequence.get()));
        });
    }

    private Retried retry(Connection transaction, Reaction reaction, DeadLetterTable letters, String sequence)
            throws SQLException {
        int taken = 0;
        for (Optional<Parked> next = letters.oldest(sequence); next.isPresent(); next = letters.oldest(sequence)) {
            Parked letter = next.get();
            Optional<String> cause = attempt(transaction, reaction, letter);
            if (cause.isPresent()) {
                letters.failed(letter.position(), cause.get());
                return new Retried(taken, cause);
            }
            letters.remove(letter.position());
            taken++;
        }
        return new Retried(taken, Optional.empty());
    }

    private Optional<String> attempt(Connection transaction, Reaction reaction, Parked letter) throws SQLException {
        try {
            return Attempt.at(transaction, reaction, letter.position(), letter.decode(stored));
        } catch (UnreadableBody e) {
            return Optional.of(Attempt.cause(e));
        }
    }

    /** Gives a letter up: its event is never reacted to. What waits behind it is tried by the next {@link #retry}. */
    public boolean evict(String reaction, long position) {
        return inTransaction("giving up a dead letter", connection -> {
            ProjectionTable.lock(connection, reaction);
            return new DeadLetterTable(connection, reaction).remove(position);
        });
    }

    private Reaction known(String name) {
        return reactions.stream()
                .filter(reaction -> reaction.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no reaction " + name));
    }

    private <T> T inTransaction(String doing, Work<T> work) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.in(connection);
                connection.commit();
                return result;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new ProjectionFault(doing, e);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T in(Connection connection) throws SQLException;
    }
}
