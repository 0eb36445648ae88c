package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Which names a node may go by. */
public final class NodeNames {
    private NodeNames() {}

    /**
     * Whether a node of this name was expunged: its name never comes back.
     *
     * @throws JobFault if the database cannot be asked
     */
    public static boolean isExpunged(DataSource database, String name) {
        try (Connection connection = database.getConnection()) {
            return NodeTable.standing(connection, new NodeIdentity(name, 0)) == NodeTable.Standing.EXPUNGED;
        } catch (SQLException e) {
            throw new JobFault("asking whether node " + name + " was expunged", e);
        }
    }
}
