package org.usageledger.projection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.usageledger.jobs.Execution;
import org.usageledger.jobs.Found;
import org.usageledger.jobs.Job;
import org.usageledger.jobs.Progress;
import org.usageledger.log.Finding;
import org.usageledger.log.LogCheck;

/**
 * The job that recomputes everything: the log against itself, then each read model against a copy made anew from the log. What differs is its
 * report; it changes nothing that readers see. An attempt that is taken over begins again.
 */
public final class Check implements Job {
    private static final int BEGIN = 1;
    private static final int LOG = 2;
    private static final int COPY = 3;
    private static final int COMPARE = 4;
    private static final int END = 5;

    /** A damaged log differs nearly everywhere; nobody reads more than this of it. */
    private static final int REPORTED = 1_000;

    private final List<ReadModel> models;
    private final int windowPositions;

    /** Checks these read models, in windows of so many positions. */
    public Check(List<ReadModel> models, int windowPositions) {
        this.models = List.copyOf(models);
        this.windowPositions = windowPositions;
    }

    @Override
    public String name() {
        return "check";
    }

    /** A check and a rebuild would need the same place beside the live copy. */
    @Override
    public String scope(Map<String, String> parameters) {
        return "projection:" + models.getFirst().name();
    }

    @Override
    public Optional<String> refuse(Map<String, String> parameters) {
        return parameters.isEmpty() ? Optional.empty() : Optional.of("check takes no parameters");
    }

    @Override
    public void carryOut(Execution execution) throws SQLException, InterruptedException {
        long[] goal = new long[1];
        execution.chunk(BEGIN, transaction -> {
            execution.reportAnew(transaction);
            goal[0] = new LogCheck(transaction).goal();
            return new Progress(0, goal[0]);
        });
        Reporting reporting = new Reporting(execution);
        log(execution, reporting, goal[0]);
        for (ReadModel model : models) {
            readModel(execution, reporting, model);
        }
        execution.finish(END, transaction -> {
            reporting.add(transaction, found(new LogCheck(transaction).whole()));
            return new Progress(goal[0], goal[0]);
        });
    }

    private static void log(Execution execution, Reporting reporting, long goal)
            throws SQLException, InterruptedException {
        LogCheck.Place[] place = {LogCheck.Place.start()};
        while (place[0].position() < goal) {
            execution.chunk(LOG, transaction -> {
                LogCheck.Span span = new LogCheck(transaction).span(place[0], goal);
                reporting.add(transaction, found(span.findings()));
                place[0] = span.end();
                return new Progress(span.end().position(), goal);
            });
        }
    }

    private void readModel(Execution execution, Reporting reporting, ReadModel model)
            throws SQLException, InterruptedException {
        SpareCopy copy = new SpareCopy(model, execution, windowPositions);
        copy.begin(COPY);
        copy.empty(COPY);
        copy.fill(COPY);
        execution.chunk(COMPARE, transaction -> {
            SpareCopy.Level level = copy.level(transaction);
            List<Finding> differences = model.differences(transaction, level.liveSlot(), level.spareSlot(), REPORTED);
            reporting.add(transaction, found(differences));
            RebuildTable.end(transaction, model.name(), execution.id());
            return new Progress(level.position(), level.position());
        });
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

    /** Reports up to the limit. */
    private static final class Reporting {
        private final Execution execution;
        private int left = REPORTED;

        Reporting(Execution execution) {
            this.execution = execution;
        }

        void add(Connection transaction, List<Found> findings) throws SQLException {
            List<Found> reported = findings.subList(0, Math.min(left, findings.size()));
            left -= reported.size();
            execution.report(transaction, reported);
        }
    }
}
