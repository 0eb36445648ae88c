package org.usageledger.log;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What of a fault may stand in a log: which it is, on which constraint, and the server's own first sentence. Its detail and its context
 * repeat the row that was refused, and a batch's message the statement with all its values: what senders sent stays out of logs.
 */
public final class FaultReport {
    /** Up to the last quote: a value may hold quotes itself. */
    private static final Pattern QUOTED = Pattern.compile("\".*\"", Pattern.DOTALL);

    private FaultReport() {}

    /** One line without a value of an event. */
    public static String of(Exception fault) {
        if (!(fault instanceof SQLException database)) {
            return fault.toString();
        }
        SQLException told = database instanceof BatchUpdateException && database.getNextException() != null
                ? database.getNextException()
                : database;
        ServerErrorMessage server = told instanceof PSQLException known ? known.getServerErrorMessage() : null;
        return server == null ? ofDriver(told) : ofServer(server);
    }

    private static String ofDriver(SQLException fault) {
        String state = fault.getSQLState() == null ? "no SQLSTATE" : "SQLSTATE " + fault.getSQLState();
        return state + ": " + (fault.getMessage() == null ? fault.toString() : fault.getMessage());
    }

    private static String ofServer(ServerErrorMessage server) {
        String constraint = server.getConstraint() == null ? "" : ", constraint " + server.getConstraint();
        return "SQLSTATE " + server.getSQLState() + constraint + ": " + sentence(server);
    }

    /** Where data is what is wrong, the sentence quotes it. */
    private static String sentence(ServerErrorMessage server) {
        @Nullable String state = server.getSQLState();
        String message = String.valueOf(server.getMessage());
        return state != null && state.startsWith("22") ? QUOTED.matcher(message).replaceAll("\"…\"") : message;
    }
}
