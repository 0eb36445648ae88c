package org.usageledger.reaction;

import java.sql.Connection;
import java.sql.SQLException;
import org.usageledger.event.UsageEvent;

/** Does something about single events. Its name is a row of the table of projections, which the migrations create. */
public interface Reaction {

    /** The name it goes by. */
    String name();

    /** Which events. A reaction to many is a projection. */
    Selection selection();

    /** What keeps an order: of events with one sequence each is reacted to after those before it. */
    String sequence(Subject subject);

    /**
     * Reacts, in the transaction that moves the reaction's position: once, or by an exception not at all. An exception parks the event, unless it says that the
     * database is in trouble.
     */
    void to(Connection transaction, long position, UsageEvent event) throws SQLException;
}
