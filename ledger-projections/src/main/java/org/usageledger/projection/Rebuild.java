package org.usageledger.projection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.usageledger.jobs.Execution;
import org.usageledger.jobs.Job;
import org.usageledger.jobs.Progress;

/**
 * Makes a projection anew beside the live one, from the first position on, and shows it to readers at exactly the position at which the
 * live one stands. The projecting node only waits while the last windows are folded.
 */
public final class Rebuild implements Job {
    /** The one parameter: which projection. */
    public static final String PROJECTION = "projection";

    private static final int BEGIN = 1;
    private static final int EMPTY = 2;
    private static final int FILL = 3;
    private static final int SWAP = 4;

    private final Map<String, ReadModel> models;
    private final int windowPositions;

    /** @param windowPositions folded in one transaction */
    public Rebuild(List<ReadModel> models, int windowPositions) {
        this.models = models.stream().collect(Collectors.toUnmodifiableMap(ReadModel::name, Function.identity()));
        this.windowPositions = windowPositions;
    }

    @Override
    public String name() {
        return "rebuild";
    }

    @Override
    public String description() {
        return "Makes a projection=NAME anew from the log, beside the live one, and shows it to readers in its place.";
    }

    @Override
    public Optional<String> scope(Map<String, String> parameters) {
        return Optional.of("projection:" + parameters.get(PROJECTION));
    }

    @Override
    public Optional<String> refuse(Map<String, String> parameters) {
        if (!parameters.keySet().equals(Set.of(PROJECTION))) {
            return Optional.of("rebuild takes one parameter, " + PROJECTION);
        }
        if (!models.containsKey(parameters.get(PROJECTION))) {
            return Optional.of(PROJECTION + " is one of "
                    + models.keySet().stream().sorted().toList());
        }
        return Optional.empty();
    }

    @Override
    public void carryOut(Execution execution) throws SQLException, InterruptedException {
        ReadModel model = model(execution);
        SpareCopy copy = new SpareCopy(model, execution, windowPositions);
        copy.begin(BEGIN);
        copy.empty(EMPTY);
        copy.fill(FILL);
        execution.finish(SWAP, transaction -> {
            SpareCopy.Level level = copy.level(transaction);
            ProjectionTable.swap(transaction, model.name(), level.spareSlot());
            RebuildTable.end(transaction, model.name(), execution.id());
            return new Progress(level.position(), level.position());
        });
    }

    @Override
    public void giveUp(Connection transaction, Execution execution) throws SQLException {
        RebuildTable.end(transaction, model(execution).name(), execution.id());
    }

    private ReadModel model(Execution execution) {
        String wanted = execution.parameters().getOrDefault(PROJECTION, "");
        return Optional.ofNullable(models.get(wanted))
                .orElseThrow(() -> new IllegalStateException("this node knows no projection " + wanted));
    }
}
