package org.usageledger.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The roles of the service's database: {@code ledger} owns and migrates it, {@code ledger_service} serves it and cannot change what was
 * recorded. The superuser is for administration only.
 */
final class ServiceRole {

    static final String OWNER = "ledger";
    static final String NAME = "ledger_service";

    private static final String PASS_SECRET = """
            select
              set_config('ledger.role', ?, true),
              set_config('ledger.secret', ?, true)
            """;

    // A password cannot be a parameter of the statement, so the server quotes it.
    private static final String ENSURE_ROLE = """
            do $$
            declare
                name text := current_setting('ledger.role');
            begin
                if exists (select from pg_roles where rolname = name) then
                    execute format('alter role %I login password %L', name, current_setting('ledger.secret'));
                else
                    execute format('create role %I login password %L', name, current_setting('ledger.secret'));
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

    private static final String LET_SERVE = """
            grant connect, temporary on database ledger to ledger_service
            """;

    private ServiceRole() {}

    /** Brings the roles, their passwords and the database to be what the service expects; may be repeated after any crash. */
    static void ensure(Connection administrator, String ownerSecret, String secret) throws SQLException {
        ensureRole(administrator, OWNER, ownerSecret);
        ensureRole(administrator, NAME, secret);
        try (Statement statement = administrator.createStatement()) {
            if (!databaseExists(statement)) {
                statement.execute(CREATE_DATABASE);
            }
            statement.execute(CLOSE_DATABASE);
            statement.execute(LET_SERVE);
        }
    }

    private static void ensureRole(Connection administrator, String role, String secret) throws SQLException {
        administrator.setAutoCommit(false);
        try (PreparedStatement pass = administrator.prepareStatement(PASS_SECRET);
                Statement statement = administrator.createStatement()) {
            pass.setString(1, role);
            pass.setString(2, secret);
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
