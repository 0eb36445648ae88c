package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Effects of racing nodes, and judges in the database that no node can get round: triggers look at each change when it is made, or when it is
 * committed, with a clock of their own.
 */
final class RaceTables {
    private static final String TABLES = """
            create table race_effect (
              execution_id uuid not null,
              chunk integer not null,
              claim_epoch bigint not null
            );
            create table race_broken (
              what text not null
            );
            """;

    /** A row of a superseded claim: looked at when it is committed, by what is committed then. */
    private static final String EPOCHS = """
            create function race_epoch() returns trigger
            language plpgsql
            as $$
            begin
              insert into race_broken (what)
              select format('committed under epoch %s while %s was current', new.claim_epoch, e.claim_epoch)
              from job_execution e
              where e.execution_id = new.execution_id
                and e.claim_epoch <> new.claim_epoch;
              return null;
            end
            $$;
            create constraint trigger race_event_epoch after insert on job_step_event
              deferrable initially deferred for each row execute function race_epoch();
            create constraint trigger race_effect_epoch after insert on race_effect
              deferrable initially deferred for each row execute function race_epoch();
            """;

    private static final String CLAIMS = """
            create function race_claim() returns trigger
            language plpgsql
            as $$
            begin
              if old.finished_at is not null then
                insert into race_broken (what)
                values ('changed after its end');
              end if;
              if new.claim_epoch <> old.claim_epoch
                  and old.owner_node <> new.owner_node
                  and old.lease_until > pg_catalog.clock_timestamp() then
                insert into race_broken (what)
                values ('taken while its lease lasted');
              end if;
              return new;
            end
            $$;
            create trigger race_claim before update on job_execution
              for each row execute function race_claim();
            """;

    private static final String BROKEN = """
            insert into race_broken (what)
            values (?)
            """;

    /** All that must not be, whatever happened. */
    private static final String FOUND = """
            select what
            from race_broken
            union all
            select format('epochs of %s are %s', e.execution_id, array(
              select c.claim_epoch
              from job_claim c
              where c.execution_id = e.execution_id
              order by c.claim_epoch))
            from job_execution e
            where array(
                select c.claim_epoch
                from job_claim c
                where c.execution_id = e.execution_id
                order by c.claim_epoch) <> array(
                select epoch
                from generate_series(1, e.claim_epoch) as epoch
                order by epoch)
            union all
            select format('chunk %s of %s was done %s times', chunk, execution_id, count(*))
            from race_effect
            group by execution_id, chunk
            having count(*) <> 1
            union all
            select format('effect and record differ at chunk %s of %s', coalesce(s.chunk, f.chunk), coalesce(s.execution_id, f.execution_id))
            from job_step_event s
            full join race_effect f on f.execution_id = s.execution_id
              and f.chunk = s.chunk
              and f.claim_epoch = s.claim_epoch
            where s.chunk is null
              or f.chunk is null
            order by what
            """;

    private static final String TERMINATE = """
            select pg_terminate_backend(pid)
            from pg_stat_activity
            where application_name = ?
              and datname = current_database()
              and state <> 'idle'
            order by random()
            limit 1
            """;

    private static final String COUNTS = """
            select
              (select count(*)
                from job_execution
                where state in ('pending', 'running', 'unwinding')) as active,
              (select count(*)
                from race_effect) as effects,
              (select count(*)
                from job_claim) as claims
            """;

    private final DataSource database;

    RaceTables(DataSource database) {
        this.database = database;
        for (String sql : List.of(TABLES, EPOCHS, CLAIMS)) {
            change(sql);
        }
    }

    /** How far the race is. */
    record Counts(long active, long effects, long claims) {}

    void change(String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("changing a race's database", e);
        }
    }

    /** Notes something that must not be, on the node's own connection. */
    void broken(Connection connection, String what) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BROKEN)) {
            statement.setString(1, what);
            statement.executeUpdate();
        }
    }

    /** Everything that must not be and is; none if all is well. */
    List<String> found() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(FOUND);
                ResultSet row = statement.executeQuery()) {
            List<String> found = new ArrayList<>();
            while (row.next()) {
                found.add(row.getString("what"));
            }
            return found;
        }
    }

    Counts counts() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(COUNTS);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Counts(row.getLong("active"), row.getLong("effects"), row.getLong("claims"));
        }
    }

    /** Ends one session of this name that is doing something; whether there was one. */
    static boolean terminateOne(Connection connection, String application) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TERMINATE)) {
            statement.setString(1, application);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
