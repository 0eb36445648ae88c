package org.usageledger.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.usageledger.event.Sha256;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.testing.TestDatabase;

/** What tests do to the log's tables behind the log's back, and what they read there. */
final class LogTables {
    private final DatabaseAddress database;

    LogTables(TestDatabase database) {
        this(database.address());
    }

    LogTables(DatabaseAddress database) {
        this.database = database;
    }

    /** Partitions of so many positions each; only before the first append. */
    void partitionsOf(long rows) {
        change("""
                drop table usage_event_p0000000000
                """);
        change("""
                update ledger_head
                set
                  partition_rows = ?,
                  prepared_up_to = 0,
                  usable_up_to = 0
                """, rows);
    }

    /** As a restore leaves it: the row was written by another database. */
    void writtenByAnotherDatabase() {
        change("""
                update ledger_head
                set system_identifier = system_identifier - 1
                """);
    }

    /** As a restore leaves it that lost what was recorded after this position. */
    void lostAfter(long position) {
        change("""
                delete from usage_event
                where position > ?
                """, position);
        change("""
                delete from event_identity
                where position > ?
                """, position);
        change("""
                update ledger_head
                set
                  head = ?,
                  system_identifier = system_identifier - 1
                """, position);
    }

    /** As a deleting step of retention leaves it. */
    void pruned(long step, long upTo) {
        change("""
                delete from usage_event
                where position <= ?
                """, upTo);
        change("""
                insert into retention_step (step, deleted_up_to)
                values (?, ?)
                """, step, upTo);
        change("""
                update ledger_head
                set
                  retention_step = ?,
                  pruned_up_to = greatest(pruned_up_to, ?)
                """, step, upTo);
    }

    /** As a restore leaves it that lost the steps after this one. */
    void lostStepsAfter(long step) {
        change("""
                delete from retention_step
                where step > ?
                """, step);
        change("""
                update ledger_head
                set
                  retention_step = ?,
                  system_identifier = system_identifier - 1
                """, step);
    }

    /** Without it the table would accept an identity twice. */
    void dropIdentityKey() {
        change("""
                alter table event_identity
                drop constraint event_identity_pkey
                """);
    }

    long partitions() {
        return number("""
                select count(*)
                from pg_inherits
                where inhparent = 'usage_event'::regclass
                """);
    }

    /** Rows written by the transaction that attached their partition. */
    long rowsAttachedWithTheirPartition() {
        return number("""
                select count(*)
                from usage_event e
                join pg_inherits i on i.inhrelid = e.tableoid
                where e.xmin = i.xmin
                """);
    }

    /** Damage: an event that nobody pruned is gone. */
    void lose(long position) {
        change("""
                delete from usage_event
                where position = ?
                """, position);
    }

    /** As a session sees it that has not heard of a new partition yet. */
    void hide(long position) {
        change("""
                update usage_event
                set position = position + 1000
                where position = ?
                """, position);
    }

    void show(long position) {
        change("""
                update usage_event
                set position = position - 1000
                where position = ? + 1000
                """, position);
    }

    long appenderSessions() {
        return number("""
                select count(*)
                from pg_stat_activity
                where application_name = 'usage-ledger appender'
                and datname = current_database()
                """);
    }

    /** Ends the appenders' sessions as an operator would; gives how many. */
    long terminateAppenders() {
        return number("""
                select count(pg_terminate_backend(pid))
                from pg_stat_activity
                where application_name = 'usage-ledger appender'
                and datname = current_database()
                """);
    }

    /** Ends the waits of appenders for a standby, as an operator may; gives how many. */
    long cancelWaitingAppenders() {
        return number("""
                select count(pg_cancel_backend(pid))
                from pg_stat_activity
                where application_name = 'usage-ledger appender'
                and wait_event = 'SyncRep'
                """);
    }

    long head() {
        return number("""
                select head
                from ledger_head
                """);
    }

    String standbys() {
        return ask("""
                select current_setting('synchronous_standby_names')
                """, row -> row.getString(1)).getFirst();
    }

    List<Long> appenderPids() {
        return ask("""
                select pid
                from pg_stat_activity
                where application_name = 'usage-ledger appender'
                and datname = current_database()
                """, row -> row.getLong(1));
    }

    private long number(String query) {
        return ask(query, row -> row.getLong(1)).getFirst();
    }

    @FunctionalInterface
    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> List<T> ask(String query, Reading<T> reading) {
        List<T> found = new ArrayList<>();
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement(query);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(reading.of(row));
            }
            return found;
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    private void change(String statement, Object... values) {
        try (Connection connection = database.open();
                PreparedStatement change = connection.prepareStatement(statement)) {
            for (int i = 0; i < values.length; i++) {
                change.setObject(i + 1, values[i]);
            }
            change.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(statement, e);
        }
    }

    /** The hashes as they stand in the tables: by last position of a window, and at the head. */
    Map<Long, String> storedChain() {
        Map<Long, String> found = new TreeMap<>();
        ask("""
                select
                  window_number * 1024,
                  chain
                from log_window
                union all
                select
                  head,
                  chain
                from ledger_head
                """, row -> found.put(row.getLong(1), HexFormat.of().formatHex(row.getBytes(2))));
        return found;
    }

    /** The same hashes computed anew from the identities, as the schema describes them. */
    Map<Long, String> computedChain() {
        Map<Long, String> computed = new TreeMap<>();
        MessageDigest sha256 = Sha256.digest();
        byte[] chain = sha256.digest("usage-ledger".getBytes(StandardCharsets.UTF_8));
        long position = 0;
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement("""
                        select
                          position,
                          identity,
                          content
                        from event_identity
                        order by position
                        """);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                position = row.getLong(1);
                UUID identity = row.getObject(2, UUID.class);
                sha256.update(ByteBuffer.allocate(24)
                        .putLong(position)
                        .putLong(identity.getMostSignificantBits())
                        .putLong(identity.getLeastSignificantBits())
                        .flip());
                byte[] leaf = sha256.digest(row.getBytes(3));
                sha256.update(chain);
                chain = sha256.digest(leaf);
                if (position % 1_024 == 0) {
                    computed.put(position, HexFormat.of().formatHex(chain));
                }
            }
        } catch (SQLException e) {
            throw new AssertionError("computing the chain", e);
        }
        computed.put(position, HexFormat.of().formatHex(chain));
        return computed;
    }
}
