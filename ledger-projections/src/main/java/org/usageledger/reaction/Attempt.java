package org.usageledger.reaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;
import java.util.Set;
import org.usageledger.event.UsageEvent;

/** One attempt to react to an event: what it did before it failed is undone, and the transaction goes on. */
final class Attempt {
    /** Of SQLSTATE: the connection, a deadlock or lost race, resources, an operator, a lock. Of these no event is to blame. */
    private static final Set<String> TROUBLES = Set.of("08", "40", "53", "55", "57", "58");

    /** Of these troubles an event may be to blame after all, if they come again and again: a statement that takes too long, a row that stays locked. */
    private static final Set<String> OF_THE_EVENT = Set.of("57014", "55P03");

    /** Longer causes are cut: what matters stands first. */
    private static final int CAUSE_CHARACTERS = 2_000;

    private Attempt() {}

    /**
     * The cause why not; empty if the event was reacted to.
     *
     * @throws SQLException if the database is in trouble: then nothing can be told about the event
     */
    static Optional<String> at(Connection transaction, Reaction reaction, long position, UsageEvent event)
            throws SQLException {
        return at(transaction, () -> reaction.to(transaction, position, event), Set.of());
    }

    /** As {@link #at}, after so many in vain that the event itself is what takes too long. */
    static Optional<String> last(Connection transaction, Reaction reaction, long position, UsageEvent event)
            throws SQLException {
        return at(transaction, () -> reaction.to(transaction, position, event), OF_THE_EVENT);
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    private static Optional<String> at(Connection transaction, Work work, Set<String> blamed) throws SQLException {
        Savepoint before = transaction.setSavepoint();
        try {
            work.run();
            transaction.releaseSavepoint(before);
            return Optional.empty();
        } catch (SQLException | RuntimeException e) {
            Optional<SQLException> trouble =
                    trouble(e).filter(of -> !blamed.contains(String.valueOf(of.getSQLState())));
            if (trouble.isPresent()) {
                throw trouble.get();
            }
            transaction.rollback(before);
            return Optional.of(cause(e));
        }
    }

    /** What the database said, however it was wrapped. */
    private static Optional<SQLException> trouble(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException said) {
                return isTrouble(said) ? Optional.of(said) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isTrouble(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.length() < 2 || TROUBLES.contains(state.substring(0, 2));
    }

    /** A text that PostgreSQL can keep. */
    static String cause(Exception e) {
        String text = e.toString().replace('\0', '?');
        return text.length() <= CAUSE_CHARACTERS ? text : text.substring(0, CAUSE_CHARACTERS);
    }
}
