package org.usageledger.running;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.lifecycle.Run;

/** A log written straight into its table, and what should run by it. */
public final class TestLedger {
    private static final String TAKE_POSITIONS = """
            update ledger_head
            set head = head + ?
            returning head - ?
            """;

    private static final String INSERT = """
            insert into usage_event (
              position, recorded_at, occurred_at, kind, format, origin, effect, exact, resource_kind, instances, memory_mb,
              resource_hash, guid, state, resource_key, organization, space, app, body)
            values (?, clock_timestamp(), ?, 1, 1, 0, ?, ?, ?, ?, ?, ?, ?, 'ANY', ?, ?, ?, ?, ?)
            """;

    private static final String ROWS = """
            select resource_kind, resource_key, since, since_exact, first_position, latest_position, instances, memory_mb,
              organization, space, app
            from running_resource
            where slot = ?
            """;

    private static final List<String> KEEP = List.of(
            "create table kept_head as select * from ledger_head",
            "create table kept_projection as select * from projection",
            "create table kept_running as select * from running_resource");

    private static final List<String> SET_BACK = List.of(
            "delete from usage_event where position > (select head from kept_head)",
            "update ledger_head set head = (select head from kept_head)",
            "update projection p set position = k.position from kept_projection k where k.name = p.name",
            "delete from running_resource",
            "insert into running_resource select * from kept_running");

    private final DataSource database;
    private final List<TestEvent> events = new ArrayList<>();
    private int bodyBytes;

    public TestLedger(DataSource database) {
        this.database = database;
    }

    /** From now on bodies are at least that large. */
    public void withBodiesOf(int bytes) {
        bodyBytes = bytes;
    }

    /** Notes the state to which {@link #setBack} goes. Once. */
    public synchronized void keep() throws SQLException {
        inOneTransaction(KEEP);
    }

    /** The database as it was, as a snapshot of its disk that is put back would have it, claims included. */
    public synchronized void setBack() throws SQLException {
        inOneTransaction(SET_BACK);
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement("select head from ledger_head");
                ResultSet row = statement.executeQuery()) {
            row.next();
            events.subList(row.getInt(1), events.size()).clear();
        }
    }

    private void inOneTransaction(List<String> statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }

    /** One row of what runs, body aside. */
    public record Row(
            long first,
            long latest,
            OffsetDateTime since,
            boolean exact,
            @Nullable Integer instances,
            @Nullable Integer memoryMb,
            List<String> place) {

        static Row of(Run.Open run, TestEvent sizing) {
            return new Row(
                    run.opened(),
                    run.sized(),
                    run.since().atOffset(ZoneOffset.UTC),
                    run.sinceExact(),
                    sizing.instances(),
                    sizing.memoryMb(),
                    List.of(
                            String.valueOf(sizing.organization()),
                            String.valueOf(sizing.space()),
                            String.valueOf(sizing.app())));
        }
    }

    /** Appends in one transaction; the head afterwards. */
    public synchronized long append(List<TestEvent> more) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            long head = head(connection, more.size());
            try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
                for (TestEvent event : more) {
                    head++;
                    bind(statement, head, event);
                    statement.addBatch();
                }
                statement.executeBatch();
            }
            connection.commit();
            events.addAll(more);
            return head;
        } catch (SQLException e) {
            throw new IllegalStateException("appending a test's events", e);
        }
    }

    public long append(TestEvent... more) {
        return append(List.of(more));
    }

    private static long head(Connection connection, int more) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TAKE_POSITIONS)) {
            statement.setInt(1, more);
            statement.setInt(2, more);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void bind(PreparedStatement statement, long position, TestEvent event) throws SQLException {
        Resource resource = event.resource();
        byte[] body = body(position).getBytes(StandardCharsets.UTF_8);
        statement.setLong(1, position);
        statement.setObject(2, event.occurredAt().atOffset(ZoneOffset.UTC));
        statement.setInt(3, event.effect().code());
        statement.setBoolean(4, event.exact());
        statement.setObject(5, resource == null ? null : resource.kind().code(), Types.SMALLINT);
        statement.setObject(6, event.instances(), Types.INTEGER);
        statement.setObject(7, event.memoryMb(), Types.INTEGER);
        statement.setObject(8, resource == null ? null : resource.hash(), Types.BIGINT);
        statement.setString(9, "event-" + position);
        statement.setString(10, resource == null ? null : resource.key());
        statement.setString(11, event.organization());
        statement.setString(12, event.space());
        statement.setString(13, event.app());
        statement.setBytes(14, Arrays.copyOf(body, Math.max(body.length, bodyBytes)));
    }

    /** The body of the event at this position. */
    public static String body(long position) {
        return "{\"guid\":\"event-" + position + "\"}";
    }

    /** What should run by everything appended up to a position: the fold of the domain, one event after another. */
    public synchronized SortedMap<String, Row> expected(long upTo) {
        SortedMap<String, Run> runs = new TreeMap<>();
        for (int i = 0; i < Math.min(upTo, events.size()); i++) {
            TestEvent event = events.get(i);
            Resource resource = event.resource();
            if (resource != null && resource.kind() != ResourceKind.STAGING) {
                Run.Step step = new Run.Step(i + 1L, event.occurredAt(), event.effect(), event.exact());
                runs.merge(
                        name(resource.kind(), resource.key()), Run.none().after(step), (run, fresh) -> run.after(step));
            }
        }
        SortedMap<String, Row> rows = new TreeMap<>();
        runs.forEach((name, run) -> {
            if (run instanceof Run.Open open) {
                rows.put(name, Row.of(open, events.get((int) open.sized() - 1)));
            }
        });
        return rows;
    }

    /** What a slot says. */
    public SortedMap<String, Row> rows(int slot) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(ROWS)) {
            statement.setInt(1, slot);
            SortedMap<String, Row> rows = new TreeMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.put(name(ResourceKind.ofCode(row.getInt(1)), row.getString(2)), row(row));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException("reading slot " + slot, e);
        }
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("first_position"),
                row.getLong("latest_position"),
                row.getObject("since", OffsetDateTime.class),
                row.getBoolean("since_exact"),
                row.getObject("instances", Integer.class),
                row.getObject("memory_mb", Integer.class),
                List.of(
                        String.valueOf(row.getString("organization")),
                        String.valueOf(row.getString("space")),
                        String.valueOf(row.getString("app"))));
    }

    private static String name(ResourceKind kind, String key) {
        return kind.label() + " " + key;
    }

    public synchronized long head() {
        return events.size();
    }
}
