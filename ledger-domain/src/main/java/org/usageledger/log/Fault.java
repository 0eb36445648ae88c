package org.usageledger.log;

import java.sql.SQLException;

/** What a database fault before the commit means for the requests of the transaction. */
enum Fault {
    /** The counter stayed locked: ask who holds it, then try again. */
    HELD_COUNTER,
    /** The database cannot serve now: try again until the deadline. */
    PASSING,
    /** One of the requests has a value that the database refuses. */
    IN_A_REQUEST,
    /** Neither the state of the server nor a value: whoever causes it, it is no use to ask the same again at once. */
    NOT_UNDERSTOOD;

    static Fault of(SQLException fault) {
        String state = fault.getSQLState();
        if (state == null) {
            return PASSING;
        }
        if (state.equals("55P03")) {
            return HELD_COUNTER;
        }
        // 21 to 23: cardinality, data and integrity violations; 54: a limit of the server exceeded by a value.
        // 08: connection; 25: read-only or idle too long; 28: not let in; 3D: database missing; 40: deadlock,
        // serialization; 53:
        // disk, memory or connections exhausted; 55: object busy; 57: shutdown or cancel; 58: the system's I/O
        return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "21", "22", "23", "54" -> IN_A_REQUEST;
            case "", "08", "25", "28", "3D", "40", "53", "55", "57", "58" -> PASSING;
            default -> NOT_UNDERSTOOD;
        };
    }
}
