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

    /** Rows taken out at a time: below a second on a slow disk. */
    private static final int EMPTY_ROWS = 20_000;

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
    public String scope(Map<String, String> parameters) {
        return "projection:" + parameters.get(PROJECTION);
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
        Making making = new Making(model, execution);
        making.begin();
        making.empty();
        making.fill();
        making.swap();
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

    /** One execution's way. Every step begins by reading how far it is, so that any of them may be the first on this node. */
    private final class Making {
        private final ReadModel model;
        private final Execution execution;

        Making(ReadModel model, Execution execution) {
            this.model = model;
            this.execution = execution;
        }

        void begin() throws SQLException, InterruptedException {
            execution.chunk(BEGIN, transaction -> {
                RebuildTable.begin(transaction, model.name(), execution.id());
                return progress(read(transaction));
            });
        }

        void empty() throws SQLException, InterruptedException {
            boolean[] emptied = new boolean[1];
            while (!emptied[0]) {
                execution.chunk(EMPTY, transaction -> {
                    RebuildTable.Making now = read(transaction);
                    if (!now.emptied() && model.empty(transaction, now.slot(), EMPTY_ROWS) == 0) {
                        RebuildTable.emptied(transaction, model.name());
                        emptied[0] = true;
                    }
                    emptied[0] |= now.emptied();
                    return progress(now);
                });
            }
        }

        /** Up to within one window of the live copy, which goes on meanwhile. */
        void fill() throws SQLException, InterruptedException {
            Progress reached;
            do {
                reached = execution.chunk(FILL, transaction -> {
                    RebuildTable.Making now = read(transaction);
                    long position = fold(transaction, now, now.livePosition());
                    return new Progress(position, now.livePosition());
                });
            } while (reached.goal() - reached.position() > windowPositions);
        }

        void swap() throws SQLException, InterruptedException {
            execution.finish(SWAP, transaction -> {
                Standing live = ProjectionTable.lock(transaction, model.name());
                RebuildTable.Making now = read(transaction);
                while (now.position() < live.position()) {
                    fold(transaction, now, live.position());
                    now = read(transaction);
                }
                ProjectionTable.swap(transaction, model.name(), now.slot());
                RebuildTable.end(transaction, model.name(), execution.id());
                return new Progress(live.position(), live.position());
            });
        }

        private long fold(Connection transaction, RebuildTable.Making now, long goal) throws SQLException {
            Window window = new Window(now.position(), Math.min(goal, now.position() + windowPositions));
            if (window.size() > 0) {
                model.fold(transaction, now.slot(), window);
                RebuildTable.move(transaction, model.name(), window);
            }
            return window.upTo();
        }

        private RebuildTable.Making read(Connection transaction) throws SQLException {
            return RebuildTable.read(transaction, model.name(), execution.id())
                    .orElseThrow(
                            () -> new IllegalStateException("the rebuild " + execution.id() + " has lost its place"));
        }

        private static Progress progress(RebuildTable.Making now) {
            return new Progress(now.position(), now.livePosition());
        }
    }
}
