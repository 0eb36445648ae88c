package org.usageledger.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What a server says about itself.
 *
 * @param systemIdentifier the number its cluster was given when it was made
 * @param startedAtSecond seconds since 1970
 */
record ServerIdentity(String dataFolder, long systemIdentifier, long startedAtSecond, String version) {

    private static final String ASK = """
            select
                current_setting('data_directory') as data_folder,
                (select system_identifier from pg_control_system()) as system_identifier,
                floor(extract(epoch from pg_postmaster_start_time()))::bigint as started_at_second,
                split_part(current_setting('server_version'), ' ', 1) as version
            """;

    static ServerIdentity ask(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ASK);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new ServerIdentity(
                    row.getString("data_folder"),
                    row.getLong("system_identifier"),
                    row.getLong("started_at_second"),
                    row.getString("version"));
        }
    }
}
