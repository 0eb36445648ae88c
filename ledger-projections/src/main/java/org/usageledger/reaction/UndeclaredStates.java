package org.usageledger.reaction;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.projection.ProjectionFault;

/**
 * Counts the states that no lifecycle declares, with where each came first and last. Their events are recorded and served, but no run begins or ends by them: a
 * platform that brings a new one may be running something that the ledger does not see.
 */
public final class UndeclaredStates implements Reaction {
    /** What is known to have no effect. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("BUILDPACK_SET");

    /** States that are told apart: a platform has a dozen, and whoever sends more makes them up. The rest are counted as one, without a name. */
    static final int MOST_STATES = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(UndeclaredStates.class);

    private static final String COUNT = """
            insert into undeclared_state as u (kind, state, events, first_position, last_position)
            select
              seen.kind,
              case
                when exists (
                  select 1
                  from undeclared_state k
                  where k.kind = seen.kind
                    and k.state = seen.state
                ) then seen.state
                when (select count(*) from undeclared_state) < ? then seen.state
                else ''
              end,
              1,
              seen.position,
              seen.position
            from (values (?::smallint, ?::text, ?::bigint)) as seen (kind, state, position)
            on conflict (kind, state) do update
            set events = u.events + 1,
              first_position = least(u.first_position, excluded.first_position),
              last_position = greatest(u.last_position, excluded.last_position)
            returning events
            """;

    private static final String LIST = """
            select kind, state, events, first_position, last_position
            from undeclared_state
            order by kind, state
            """;

    private final int mostStates;

    public UndeclaredStates() {
        this(MOST_STATES);
    }

    UndeclaredStates(int mostStates) {
        this.mostStates = mostStates;
    }

    /**
     * A state that nobody declared.
     *
     * @param state empty for all those beyond the most that are told apart
     * @param events how many had it
     */
    public record Seen(EventKind kind, String state, long events, long firstPosition, long lastPosition) {}

    @Override
    public String name() {
        return "undeclared-states";
    }

    @Override
    public Selection selection() {
        return new Selection(Set.of(Effect.NONE), WITHOUT_EFFECT);
    }

    @Override
    public String sequence(Subject subject) {
        return subject.kind().label() + ' ' + subject.state();
    }

    @Override
    public void to(Connection transaction, long position, UsageEvent event) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(COUNT)) {
            statement.setInt(1, mostStates);
            statement.setInt(2, event.kind().code());
            statement.setString(3, event.state());
            statement.setLong(4, position);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getLong(1) == 1) {
                    LOG.warn(
                            "no lifecycle declares the state of the {} event at {}: it has no effect on what runs",
                            event.kind().label(),
                            position);
                }
            }
        }
    }

    /** All that were seen; at most some more than {@value #MOST_STATES}. */
    public static List<Seen> list(DataSource database) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(LIST);
                ResultSet row = statement.executeQuery()) {
            List<Seen> seen = new ArrayList<>();
            while (row.next()) {
                seen.add(new Seen(
                        EventKind.ofCode(row.getInt("kind")),
                        row.getString("state"),
                        row.getLong("events"),
                        row.getLong("first_position"),
                        row.getLong("last_position")));
            }
            return seen;
        } catch (SQLException e) {
            throw new ProjectionFault("reading which states nobody declared", e);
        }
    }
}
