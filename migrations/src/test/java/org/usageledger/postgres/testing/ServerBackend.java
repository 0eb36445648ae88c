package org.usageledger.postgres.testing;

import java.util.List;
import org.usageledger.postgres.DatabaseAddress;

/**
 * Where a shared test server comes from. It has a role {@code ledger} that is no superuser, and a role {@code ledger_service} that owns
 * nothing.
 */
interface ServerBackend {

    /** As the superuser. */
    DatabaseAddress administrator();

    /** As the role {@code ledger}, on any database. */
    DatabaseAddress service(String database);

    /** As the role {@code ledger_service}, on any database. */
    DatabaseAddress restricted(String database);

    List<String> logTail(int lines);

    String description();
}
