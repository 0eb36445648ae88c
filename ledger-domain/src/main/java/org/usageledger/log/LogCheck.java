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
              (select count(*) from event_identity i) as identities,
              coalesce((select max(n.position) from hold n), 0) as furthest_hold,
              coalesce((select max(e.position) from usage_event e), 0) as newest,
              (select count(*) from usage_event e) as events
            from ledger_head h
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

    /** What one span showed, and where to go on. */
    public record Span(Place end, List<Finding> findings) {}

    /** How far there is something to check. */
    public long goal() throws SQLException {
        return head().position();
    }

    /** Compares the positions after a place, at most {@link #SPAN} of them and none beyond the goal. */
    public Span span(Place from, long goal) throws SQLException {
        long upTo = Math.min(goal, (from.position() / SPAN + 1) * SPAN);
        List<Finding> findings = new ArrayList<>();
        Head head = head();
        List<CheckedRow> rows =
                new CheckedRows(connection, storedForm).read(from.position(), upTo, head.prunedUpTo(), findings);
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
        return new Span(new Place(upTo, chain.value()), findings);
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

    /** Compares what the log counts of itself as a whole. */
    public List<Finding> whole() throws SQLException {
        Totals totals = totals();
        List<Finding> findings = new ArrayList<>();
        if (totals.newest() != totals.head()) {
            findings.add(new Finding(totals.newest(), "the newest event is here, but the head says " + totals.head()));
        }
        if (totals.events() + totals.prunedCount() != totals.head()) {
            findings.add(new Finding(
                    totals.head(),
                    totals.events() + " events and " + totals.prunedCount()
                            + " pruned ones are not as many as positions given"));
        }
        if (totals.identities() != totals.head()) {
            findings.add(new Finding(
                    totals.head(),
                    totals.identities() + " identities are on record, which are not as many as positions given"));
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
                    row.getLong("events"),
                    row.getLong("pruned_count"),
                    row.getLong("identities"),
                    row.getLong("furthest_hold"));
        }
    }

    private record Head(long position, ChainValue chain, long prunedUpTo) {}

    private record Totals(long head, long newest, long events, long prunedCount, long identities, long furthestHold) {}
}
