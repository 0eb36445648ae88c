package org.usageledger.log;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.postgres.DatabaseAddress;

/** A node in a process of its own that stands still while it holds the counter, says so, and goes on when it is told. */
final class HolderMain {
    static final String STANDING = "standing";
    static final Duration DEADLINE = Duration.ofSeconds(2);

    /** Where it stands. */
    enum Place {
        BETWEEN_STATEMENTS,
        INSIDE_COPY,
        /** The server has more to send than fits between the two. */
        INSIDE_AN_ANSWER
    }

    private static final AppenderLimits LIMITS =
            new AppenderLimits(10_000, 64L << 20, 5_000, 16L << 20, DEADLINE, Duration.ofMillis(700));

    private final BufferedReader told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private boolean stood;

    private HolderMain() {}

    public static void main(String[] arguments) throws IOException {
        new HolderMain().run(Place.valueOf(arguments[0]));
    }

    private void run(Place place) throws IOException {
        DatabaseAddress address = new DatabaseAddress(told.readLine(), told.readLine(), told.readLine());
        LogAppender.Sessions sessions = () -> session(place, AppendSession.connect(address.dataSource(), LIMITS));
        try (TestLog log = new TestLog(address, LIMITS, sessions)) {
            // More than fits into one chunk of a copy.
            UsageEvent[] events = IntStream.range(0, 600)
                    .mapToObj(i -> Events.process("frozen" + i, "STARTED"))
                    .toArray(UsageEvent[]::new);
            System.out.println(log.append(events).getClass().getSimpleName());
        }
    }

    private AppendSession session(Place place, Connection connection) {
        return new AppendSession(connection, Judge::inQueueOrder) {
            @Override
            Snapshot snapshot(HeadRow head, List<AppendRequest> requests) throws SQLException {
                if (place == Place.BETWEEN_STATEMENTS) {
                    stand();
                } else if (place == Place.INSIDE_AN_ANSWER) {
                    beginToRead(connection());
                }
                return super.snapshot(head, requests);
            }

            @Override
            EventRows eventRows() {
                return new EventRows(connection()) {
                    @Override
                    void betweenChunks() {
                        if (place == Place.INSIDE_COPY) {
                            stand();
                        }
                    }
                };
            }
        };
    }

    private void beginToRead(Connection connection) throws SQLException {
        CopyOut answer = connection.unwrap(PGConnection.class).getCopyAPI().copyOut("""
                copy (select repeat('x', 100000) from generate_series(1, 500)) to stdout
                """);
        answer.readFromCopy();
        stand();
        answer.cancelCopy();
    }

    /** The first time only: what it tries afterwards it tries as any node does. */
    private void stand() {
        if (stood) {
            return;
        }
        stood = true;
        System.out.println(STANDING);
        try {
            told.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
