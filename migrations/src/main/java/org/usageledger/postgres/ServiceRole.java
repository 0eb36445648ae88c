package org.usageledger.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The role the service speaks as, and the database it owns. The superuser is for administration only. */
final class ServiceRole {

    static final String NAME = "ledger";

    private static final String PASS_SECRET = """
            select set_config('ledger.secret', ?, true)
            """;

    // A password cannot be a parameter of the statement, so the server quotes it.
    private static final String ENSURE_ROLE = """
            do $$
            begin
                if exists (select from pg_roles where rolname = 'ledger') then
                    execute format('alter role ledger login password %L', current_setting('ledger.secret'));
                else
                    execute format('create role ledger login password %L', current_setting('ledger.secret'));
                end if;
            end
            $$
            """;

    private static final String DATABASE_EXISTS = """
            select exists (select from pg_database where datname = 'ledger')
            """;

    private static final String CREATE_DATABASE = """
            create database ledger owner ledger
            """;

    private static final String CLOSE_DATABASE = """
            revoke all on database ledger from public
            """;

    private ServiceRole() {}

    /** Brings the role, its password and its database to be what the service expects; may be repeated after any crash. */
    static void ensure(Connection administrator, String secret) throws SQLException {
        ensureRole(administrator, secret);
        try (Statement statement = administrator.createStatement()) {
            if (!databaseExists(statement)) {
                statement.execute(CREATE_DATABASE);
            }
            statement.execute(CLOSE_DATABASE);
        }
    }

    private static void ensureRole(Connection administrator, String secret) throws SQLException {
        administrator.setAutoCommit(false);
        try (PreparedStatement pass = administrator.prepareStatement(PASS_SECRET);
                Statement statement = administrator.createStatement()) {
            pass.setString(1, secret);
            pass.execute();
            statement.execute(ENSURE_ROLE);
            administrator.commit();
        } finally {
            administrator.setAutoCommit(true);
        }
    }

    private static boolean databaseExists(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(DATABASE_EXISTS)) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
