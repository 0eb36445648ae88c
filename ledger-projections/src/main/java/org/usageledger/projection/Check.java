package org.usageledger.projection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.usageledger.jobs.Execution;
import org.usageledger.jobs.Found;
import org.usageledger.jobs.Job;
import org.usageledger.jobs.Progress;
import org.usageledger.log.ChainValue;
import org.usageledger.log.Finding;
import org.usageledger.log.LogCheck;

/**
 * The job that recomputes everything: the log against itself, then each read model against a copy made anew from the log. What differs is its
 * report; it changes nothing that readers see. All of it is done in chunks of bounded size, so that a check of any log ends, and an attempt
 * that is taken over goes on behind the last one.
 */
public final class Check implements Job {
    private static final int BEGIN = 1;
    private static final int LOG = 2;
    private static final int IDENTITIES = 3;
    private static final int COPY = 10;
    private static final int COMPARE = 11;
    private static final int STEPS_OF_A_MODEL = 2;
    private static final int END = 1_000;

    /** Identities or rows compared in one transaction: well below a second. */
    private static final int ROWS = 20_000;

    private static final String OVER = "-";

    /** A damaged log differs nearly everywhere; nobody reads more than this of it. */
    private static final int REPORTED = 1_000;

    private final List<ReadModel> models;
    private final int windowPositions;

    private final int rows;

    /** Checks these read models, in windows of so many positions. */
    public Check(List<ReadModel> models, int windowPositions) {
        this(models, windowPositions, ROWS);
    }

    /**
     * Checks these read models, in windows of so many positions.
     *
     * @param rows identities, or rows of a read model, compared in one transaction
     */
    public Check(List<ReadModel> models, int windowPositions, int rows) {
        this.models = List.copyOf(models);
        this.windowPositions = windowPositions;
        this.rows = rows;
    }

    @Override
    public String name() {
        return "check";
    }

    @Override
    public String description() {
        return "Recomputes the log's positions and hashes, and every projection from the log, and reports what differs.";
    }

    /** A check and a rebuild would need the same place beside the live copy. */
    @Override
    public Optional<String> scope(Map<String, String> parameters) {
        return Optional.of("projection:" + models.getFirst().name());
    }

    @Override
    public Optional<String> refuse(Map<String, String> parameters) {
        return parameters.isEmpty() ? Optional.empty() : Optional.of("check takes no parameters");
    }

    @Override
    public void carryOut(Execution execution) throws SQLException, InterruptedException {
        if (execution.reached(BEGIN).isEmpty()) {
            execution.chunk(BEGIN, transaction -> {
                LogCheck log = new LogCheck(transaction);
                return new Progress(0, log.goal(), Long.toString(log.prunedCount()));
            });
        }
        Progress begun = execution.reached(BEGIN).orElseThrow();
        long events = log(execution, begun.goal());
        LogCheck.Counts counted = identities(execution, begun.goal(), events);
        for (int i = 0; i < models.size(); i++) {
            readModel(execution, models.get(i), i * STEPS_OF_A_MODEL);
        }
        execution.finish(END, transaction -> {
            report(
                    execution,
                    transaction,
                    new LogCheck(transaction).whole(begun.goal(), counted, Long.parseLong(begun.note())));
            return new Progress(begun.goal(), begun.goal());
        });
    }

    /** Span by span, from where the last attempt was; how many events there are. */
    private static long log(Execution execution, long goal) throws SQLException, InterruptedException {
        Optional<Progress> before = execution.reached(LOG);
        LogCheck.Place[] place = {before.map(Check::place).orElseGet(LogCheck.Place::start)};
        long[] events = {
            before.map(progress -> Long.parseLong(fields(progress)[0])).orElse(0L)
        };
        while (place[0].position() < goal) {
            execution.chunk(LOG, transaction -> {
                LogCheck.Span span = new LogCheck(transaction).span(place[0], goal);
                report(execution, transaction, span.findings());
                place[0] = span.end();
                events[0] += span.events();
                return new Progress(
                        span.end().position(),
                        goal,
                        events[0] + " " + span.end().chain());
            });
        }
        return events[0];
    }

    private static LogCheck.Place place(Progress progress) {
        return new LogCheck.Place(
                progress.position(), ChainValue.of(HexFormat.of().parseHex(fields(progress)[1])));
    }

    private LogCheck.Counts identities(Execution execution, long goal, long events)
            throws SQLException, InterruptedException {
        Optional<Progress> before = execution.reached(IDENTITIES);
        LogCheck.Counts[] counts = {
            before.map(Check::fields)
                    .map(fields -> new LogCheck.Counts(events, Long.parseLong(fields[0]), Long.parseLong(fields[1])))
                    .orElse(new LogCheck.Counts(events, 0, 0))
        };
        String[] from = {
            before.map(progress -> fields(progress)[2])
                    .orElse(LogCheck.Identities.start().toString())
        };
        while (!from[0].equals(OVER)) {
            execution.chunk(IDENTITIES, transaction -> {
                LogCheck.Identities some = new LogCheck(transaction).identities(UUID.fromString(from[0]), goal, rows);
                counts[0] = counts[0].plus(some);
                from[0] = some.next().map(UUID::toString).orElse(OVER);
                long counted = counts[0].identities();
                return new Progress(counted, goal, counted + " " + counts[0].surplus() + " " + from[0]);
            });
        }
        return counts[0];
    }

    private static String[] fields(Progress progress) {
        return progress.note().split(" ");
    }

    /** Range by range, both copies brought to one position for each: a difference does not go away by what comes after it. */
    private void readModel(Execution execution, ReadModel model, int before) throws SQLException, InterruptedException {
        Optional<Progress> reached = execution.reached(COMPARE + before);
        if (reached.filter(progress -> progress.note().equals(OVER)).isPresent()) {
            return;
        }
        SpareCopy copy = new SpareCopy(model, execution, windowPositions);
        copy.begin(COPY + before);
        copy.empty(COPY + before);
        copy.fill(COPY + before);
        String[] after = {reached.map(Progress::note).orElse("")};
        long[] compared = {reached.map(Progress::position).orElse(0L)};
        while (!after[0].equals(OVER)) {
            execution.chunk(COMPARE + before, transaction -> {
                SpareCopy.Level level = copy.level(transaction);
                ReadModel.Compared some =
                        model.compare(transaction, level.liveSlot(), level.spareSlot(), after[0], rows);
                report(execution, transaction, some.differences());
                if (some.next().isEmpty()) {
                    RebuildTable.end(transaction, model.name(), execution.id());
                }
                after[0] = some.next().orElse(OVER);
                compared[0] += some.rows();
                return new Progress(compared[0], compared[0], after[0]);
            });
        }
    }

    private static void report(Execution execution, Connection transaction, List<Finding> findings)
            throws SQLException {
        if (findings.isEmpty()) {
            return;
        }
        int left = REPORTED - execution.reported(transaction);
        if (left >= findings.size()) {
            execution.report(transaction, found(findings));
        } else if (left > 0) {
            List<Found> told = new ArrayList<>(found(findings.subList(0, left - 1)));
            told.add(new Found(
                    findings.get(left - 1).position(), "more is wrong: only the first " + REPORTED + " are told"));
            execution.report(transaction, told);
        }
    }

    private static List<Found> found(List<Finding> findings) {
        return findings.stream()
                .map(finding -> new Found(finding.position(), finding.what()))
                .toList();
    }

    @Override
    public void giveUp(Connection transaction, Execution execution) throws SQLException {
        for (ReadModel model : models) {
            RebuildTable.end(transaction, model.name(), execution.id());
        }
    }
}
