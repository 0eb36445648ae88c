package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.usageledger.event.StoredForm;

/**
 * Recomputes what the log says of itself, span by span in bounded memory: dense positions, bodies against their columns, identities and
 * contents, and the chain of hashes over all of it.
 */
public final class LogCheck {
    /** Positions of one span: some windows. */
    public static final long SPAN = 8L * Chain.WINDOW;

    private static final String WINDOWS = """
            select
              window_number,
              chain
            from log_window
            where window_number between ? and ?
            """;

    private static final String HEAD = """
            select
              head,
              chain,
              pruned_up_to
            from ledger_head
            """;

    private static final String TOTALS = """
            select
              h.head,
              h.pruned_count,
              coalesce((select max(n.position) from hold n), 0) as furthest_hold,
              coalesce((select max(e.position) from usage_event e), 0) as newest
            from ledger_head h
            """;

    // One more than is counted: the last is where the next range begins.
    private static final String IDENTITIES = """
            with page as (
              select i.identity, i.position, row_number() over (order by i.identity) as number
              from (
                select identity, position
                from event_identity
                where identity >= ?
                order by identity
                limit ?
              ) i
            )
            select
              count(*) filter (where p.number <= ? and p.position <= ?) as known,
              count(*) filter (where p.number <= ? and p.position > h.head) as beyond,
              (select n.identity from page n where n.number > ?) as next
            from ledger_head h
            left join page p on true
            group by h.head
            """;

    private final Connection connection;
    private final StoredForm storedForm = new StoredForm();

    /** Reads through this connection. */
    public LogCheck(Connection connection) {
        this.connection = connection;
    }

    /** Where a check stands: everything at or below the position was compared, the chain is that of the position. */
    public record Place(long position, ChainValue chain) {
        /** Before the first event. */
        public static Place start() {
            return new Place(0, Chain.START);
        }
    }

    /**
     * What one span showed, and where to go on.
     *
     * @param events that are in the log between its ends
     */
    public record Span(Place end, long events, List<Finding> findings) {}

    /**
     * What was counted so far of a log up to some goal.
     *
     * @param events up to the goal
     * @param identities of events up to the goal
     * @param surplus identities of positions that were never given
     */
    public record Counts(long events, long identities, long surplus) {
        /** With some identities more. */
        public Counts plus(Identities more) {
            return new Counts(events, identities + more.known(), surplus + more.surplus());
        }
    }

    /** Some identities, in their own order, and where the next ones begin; empty at the end. */
    public record Identities(long known, long surplus, Optional<UUID> next) {
        /** Before the first identity. */
        public static UUID start() {
            return new UUID(0, 0);
        }
    }

    /** How far there is something to check. */
    public long goal() throws SQLException {
        return head().position();
    }

    /** Compares the positions after a place, at most {@link #SPAN} of them and none beyond the goal. */
    public Span span(Place from, long goal) throws SQLException {
        long upTo = Math.min(goal, (from.position() / SPAN + 1) * SPAN);
        List<Finding> findings = new ArrayList<>();
        Head head = head();
        CheckedRows events = new CheckedRows(connection, storedForm);
        List<CheckedRow> rows = events.read(from.position(), upTo, head.prunedUpTo(), findings);
        Map<Long, ChainValue> windows = windows(from.position(), upTo);
        Chain chain = new Chain(from.chain());
        int next = 0;
        for (long position = from.position() + 1; position <= upTo; position++) {
            if (next < rows.size() && rows.get(next).position() == position) {
                CheckedRow row = rows.get(next);
                chain.add(position, row.identity(), row.content());
                next++;
            } else {
                findings.add(new Finding(position, "nothing is on record of this position"));
            }
            if (Chain.endsWindow(position)) {
                chain = compare(position, chain, Optional.ofNullable(windows.get(position)), findings);
            }
        }
        if (upTo == head.position() && !chain.value().equals(head.chain())) {
            findings.add(new Finding(upTo, "the hash over all events is not the one that the head has"));
        }
        return new Span(new Place(upTo, chain.value()), events.count(), findings);
    }

    /** Goes on from the recorded value, so that damage is reported where it is and not in every later window. */
    private static Chain compare(long position, Chain chain, Optional<ChainValue> recorded, List<Finding> findings) {
        if (recorded.isEmpty()) {
            findings.add(new Finding(position, "the window that ends here has no hash on record"));
            return chain;
        }
        if (!chain.value().equals(recorded.get())) {
            long first = position - Chain.WINDOW + 1;
            findings.add(new Finding(first, "the hash of the window up to " + position + " is not the one on record"));
        }
        return new Chain(recorded.get());
    }

    private Map<Long, ChainValue> windows(long after, long upTo) throws SQLException {
        Map<Long, ChainValue> windows = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(WINDOWS)) {
            statement.setLong(1, after / Chain.WINDOW);
            statement.setLong(2, upTo / Chain.WINDOW);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    windows.put(row.getLong("window_number") * Chain.WINDOW, ChainValue.of(row.getBytes("chain")));
                }
            }
        }
        return windows;
    }

    /**
     * Counts identities from one on, so many at most.
     *
     * @param from the first one, if it is there
     */
    public Identities identities(UUID from, long goal, int atMost) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(IDENTITIES)) {
            statement.setObject(1, from);
            statement.setInt(2, atMost + 1);
            statement.setInt(3, atMost);
            statement.setLong(4, goal);
            statement.setInt(5, atMost);
            statement.setInt(6, atMost);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Identities(
                        row.getLong("known"),
                        row.getLong("beyond"),
                        Optional.ofNullable(row.getObject("next", UUID.class)));
            }
        }
    }

    /** How many events were pruned so far. */
    public long prunedCount() throws SQLException {
        return totals().prunedCount();
    }

    /**
     * Compares what was counted of the log up to the goal with what it says of itself.
     *
     * @param prunedBefore how many events were pruned when counting began: where more have been since, their number says nothing
     */
    public List<Finding> whole(long goal, Counts counted, long prunedBefore) throws SQLException {
        Totals totals = totals();
        List<Finding> findings = new ArrayList<>();
        if (totals.newest() != totals.head()) {
            findings.add(new Finding(totals.newest(), "the newest event is here, but the head says " + totals.head()));
        }
        if (totals.prunedCount() == prunedBefore && counted.events() + prunedBefore != goal) {
            findings.add(new Finding(
                    goal,
                    counted.events() + " events and " + prunedBefore
                            + " pruned ones are not as many as positions given"));
        }
        if (counted.identities() != goal || counted.surplus() > 0) {
            findings.add(new Finding(
                    goal,
                    counted.identities() + counted.surplus()
                            + " identities are on record, which are not as many as positions given"));
        }
        if (totals.furthestHold() > totals.head()) {
            findings.add(new Finding(
                    totals.furthestHold(), "a projection or consumer stands here, beyond the head " + totals.head()));
        }
        return findings;
    }

    private Head head() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HEAD);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Head(row.getLong("head"), ChainValue.of(row.getBytes("chain")), row.getLong("pruned_up_to"));
        }
    }

    private Totals totals() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TOTALS);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Totals(
                    row.getLong("head"),
                    row.getLong("newest"),
                    row.getLong("pruned_count"),
                    row.getLong("furthest_hold"));
        }
    }

    private record Head(long position, ChainValue chain, long prunedUpTo) {}

    private record Totals(long head, long newest, long prunedCount, long furthestHold) {}
}
