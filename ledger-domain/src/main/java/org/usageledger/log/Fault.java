package org.usageledger.log;

import java.sql.SQLException;

/** What a database fault before the commit means for the requests of the transaction. */
enum Fault {
    /** The counter stayed locked: ask who holds it, then try again. */
    HELD_COUNTER,
    /** The database cannot serve now: try again until the deadline. */
    PASSING,
    /** One of the requests has a value that the database refuses. */
    IN_A_REQUEST;

    static Fault of(SQLException fault) {
        String state = fault.getSQLState();
        if (state == null) {
            return PASSING;
        }
        if (state.equals("55P03")) {
            return HELD_COUNTER;
        }
        // 21 to 23: cardinality, data and integrity violations; 54: a limit of the server exceeded by a value
        return switch (state.substring(0, 2)) {
            case "21", "22", "23", "54" -> IN_A_REQUEST;
            default -> PASSING;
        };
    }
}
