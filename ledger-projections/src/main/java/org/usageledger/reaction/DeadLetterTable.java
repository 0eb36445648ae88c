package org.usageledger.reaction;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.Body;
import org.usageledger.lifecycle.EventKind;

/** The letters. Whoever changes them holds the row of their reaction. */
final class DeadLetterTable {
    private static final String PARK = """
            insert into dead_letter (reaction, position, sequence, kind, format, body, cause, attempts, tried_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, case when ? then clock_timestamp() end)
            """;

    private static final String COUNT = """
            select count(*)
            from dead_letter
            where reaction = ?
            """;

    private static final String WAITS = """
            select exists (
              select 1
              from dead_letter
              where reaction = ?
                and sequence = ?
            )
            """;

    private static final String OLDEST = """
            select position, kind, format, body
            from dead_letter
            where reaction = ?
              and sequence = ?
            order by position
            limit 1
            """;

    private static final String SEQUENCE_OF = """
            select sequence
            from dead_letter
            where reaction = ?
              and position = ?
            """;

    private static final String FAILED = """
            update dead_letter
            set cause = ?,
              attempts = attempts + 1,
              tried_at = clock_timestamp()
            where reaction = ?
              and position = ?
            """;

    private static final String REMOVE = """
            delete from dead_letter
            where reaction = ?
              and position = ?
            """;

    private static final String LIST = """
            select reaction, position, sequence, cause, attempts, parked_at, body
            from dead_letter
            where reaction = ?
              and position > ?
            order by position
            limit ?
            """;

    private final Connection connection;
    private final String reaction;

    DeadLetterTable(Connection connection, String reaction) {
        this.connection = connection;
        this.reaction = reaction;
    }

    /** @param cause null for one that was not tried */
    void park(Parked event, String sequence, @Nullable String cause) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PARK)) {
            statement.setString(1, reaction);
            statement.setLong(2, event.position());
            statement.setString(3, sequence);
            statement.setInt(4, event.kind().code());
            statement.setInt(5, event.format());
            statement.setBytes(6, event.body().bytes());
            statement.setString(7, cause);
            statement.setInt(8, cause == null ? 0 : 1);
            statement.setBoolean(9, cause != null);
            statement.executeUpdate();
        }
    }

    long count() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            statement.setString(1, reaction);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    boolean waits(String sequence) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WAITS)) {
            statement.setString(1, reaction);
            statement.setString(2, sequence);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    Optional<Parked> oldest(String sequence) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OLDEST)) {
            statement.setString(1, reaction);
            statement.setString(2, sequence);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Parked(
                                row.getLong("position"),
                                EventKind.ofCode(row.getInt("kind")),
                                row.getInt("format"),
                                Body.owning(row.getBytes("body"))))
                        : Optional.empty();
            }
        }
    }

    Optional<String> sequenceOf(long position) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SEQUENCE_OF)) {
            statement.setString(1, reaction);
            statement.setLong(2, position);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    void failed(long position, String cause) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FAILED)) {
            statement.setString(1, cause);
            statement.setString(2, reaction);
            statement.setLong(3, position);
            statement.executeUpdate();
        }
    }

    boolean remove(long position) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REMOVE)) {
            statement.setString(1, reaction);
            statement.setLong(2, position);
            return statement.executeUpdate() == 1;
        }
    }

    List<DeadLetter> list(long after, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setString(1, reaction);
            statement.setLong(2, after);
            statement.setInt(3, limit);
            List<DeadLetter> letters = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    letters.add(new DeadLetter(
                            row.getString("reaction"),
                            row.getLong("position"),
                            row.getString("sequence"),
                            row.getString("cause"),
                            row.getInt("attempts"),
                            row.getObject("parked_at", OffsetDateTime.class).toInstant(),
                            Body.owning(row.getBytes("body"))));
                }
            }
            return letters;
        }
    }
}
