package org.usageledger.projection;

import java.sql.Connection;
import java.sql.SQLException;
import org.usageledger.jobs.Execution;
import org.usageledger.jobs.Progress;

/**
 * A copy of a read model that an execution makes from the log, beside the live one. Every step begins by reading how far it is, so that any
 * of them may be the first on this node.
 */
final class SpareCopy {
    /** Rows taken out at a time: below a second on a slow disk. */
    private static final int EMPTY_ROWS = 20_000;

    private final ReadModel model;
    private final Execution execution;
    private final int windowPositions;

    /** A copy made in windows of so many positions, one transaction each. */
    SpareCopy(ReadModel model, Execution execution, int windowPositions) {
        this.model = model;
        this.execution = execution;
        this.windowPositions = windowPositions;
    }

    /** Both copies at one position, the live one locked against moving on. */
    record Level(int spareSlot, long position) {
        int liveSlot() {
            return 1 - spareSlot;
        }
    }

    void begin(int step) throws SQLException, InterruptedException {
        execution.chunk(step, transaction -> {
            RebuildTable.begin(transaction, model.name(), execution.id());
            return progress(read(transaction));
        });
    }

    /** Takes out what an earlier copy left in the slot. */
    void empty(int step) throws SQLException, InterruptedException {
        boolean[] emptied = new boolean[1];
        while (!emptied[0]) {
            execution.chunk(step, transaction -> {
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
    void fill(int step) throws SQLException, InterruptedException {
        Progress reached;
        do {
            reached = execution.chunk(step, transaction -> {
                RebuildTable.Making now = read(transaction);
                long position = fold(transaction, now, now.livePosition());
                return new Progress(position, now.livePosition());
            });
        } while (reached.goal() - reached.position() > windowPositions);
    }

    /** Stops the live copy where it is and brings this one to the same position; holds until the transaction ends. */
    Level level(Connection transaction) throws SQLException {
        Standing live = ProjectionTable.lock(transaction, model.name());
        RebuildTable.Making now = read(transaction);
        while (now.position() < live.position()) {
            fold(transaction, now, live.position());
            now = read(transaction);
        }
        return new Level(now.slot(), live.position());
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
                .orElseThrow(() ->
                        new IllegalStateException("the copy of execution " + execution.id() + " has lost its place"));
    }

    private static Progress progress(RebuildTable.Making now) {
        return new Progress(now.position(), now.livePosition());
    }
}
