package org.usageledger.log;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.usageledger.event.EventIdentity;

/** Appenders that are wrong, each in one respect. */
final class Mutants {
    private Mutants() {}

    /** Draws its position before it writes and without the lock, as an identity column does. */
    static final class FromSequence extends AppendSession {
        private final AtomicLong sequence;
        private final Runnable afterDrawing;

        FromSequence(Connection connection, AtomicLong sequence, Runnable afterDrawing) {
            super(connection, Judge::inQueueOrder);
            this.sequence = sequence;
            this.afterDrawing = afterDrawing;
        }

        @Override
        HeadRow lockHead() throws SQLException {
            HeadRow row = super.lockHead();
            connection().rollback();
            HeadRow drawn = at(row, sequence.getAndIncrement());
            afterDrawing.run();
            return drawn;
        }
    }

    /** Reads what is known, and only then locks the counter. */
    static final class LooksFirst extends AppendSession {
        private final CyclicBarrier bothLooked;
        private Map<EventIdentity, Known> known = new HashMap<>();

        LooksFirst(Connection connection, CyclicBarrier bothLooked) {
            super(connection, Judge::inQueueOrder);
            this.bothLooked = bothLooked;
        }

        @Override
        Written write(List<AppendRequest> requests) throws SQLException {
            HeadRow unlocked = HeadRow.lock(connection());
            known = new SnapshotQuery(connection(), "").read(unlocked, requests).known();
            connection().rollback();
            try {
                bothLooked.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException("the other one did not look", e);
            }
            return super.write(requests);
        }

        @Override
        Snapshot snapshot(HeadRow head, List<AppendRequest> requests) throws SQLException {
            Snapshot now = super.snapshot(head, requests);
            return new Snapshot(
                    now.head(), now.forgottenBefore(), known, now.evidence(), now.waiting(), now.newest(), now.forks());
        }
    }

    static Judgement onTheSnapshotAlone(Snapshot snapshot, List<AppendRequest> requests) {
        List<Judgement.Row> rows = new ArrayList<>();
        List<Judgement.Verdict> verdicts = new ArrayList<>();
        for (AppendRequest request : requests) {
            Snapshot alone = new Snapshot(
                    snapshot.head() + rows.size(),
                    snapshot.forgottenBefore(),
                    snapshot.known(),
                    snapshot.evidence(),
                    snapshot.waiting(),
                    snapshot.newest(),
                    snapshot.forks());
            Judgement judgement = Judge.inQueueOrder(alone, List.of(request));
            rows.addAll(judgement.rows());
            verdicts.addAll(judgement.verdicts());
        }
        return new Judgement(rows, List.of(), List.of(), verdicts);
    }

    /** Inserts what is new and says nothing about the rest. */
    static final class OnConflictDoNothing extends EventRows {
        private final Connection connection;

        OnConflictDoNothing(Connection connection) {
            super(connection);
            this.connection = connection;
        }

        @Override
        ChainValue write(List<Judgement.Row> rows, Instant recordedAt, ChainValue chain) throws SQLException {
            HeadRow row = HeadRow.lock(connection);
            List<AppendRequest> asked = rows.stream()
                    .map(r -> AppendRequest.of(List.of(r.event()), AppendRequest.OnConflict.SKIP_EVENT))
                    .toList();
            var known = new SnapshotQuery(connection, "").read(row, asked).known();
            return super.write(
                    rows.stream()
                            .filter(r -> !known.containsKey(r.event().identity()))
                            .toList(),
                    recordedAt,
                    chain);
        }
    }

    private static HeadRow at(HeadRow row, long head) {
        return new HeadRow(
                row.epoch(),
                head,
                row.chain(),
                row.step(),
                row.forgottenBefore(),
                row.usableUpTo(),
                row.now(),
                row.system(),
                row.timeline(),
                row.serverSystem(),
                row.serverTimeline());
    }
}
