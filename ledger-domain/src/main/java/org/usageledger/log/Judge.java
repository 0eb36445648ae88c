package org.usageledger.log;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides what becomes of each request: one pure function over what the snapshot says and the requests in queue order.
 *
 * <p>Each request sees the snapshot plus what earlier requests of the same transaction contributed. A refused request contributes
 * nothing: no row, no position, no identity that a later one could be a duplicate of.
 */
@FunctionalInterface
interface Judge {

    Judgement judge(Snapshot snapshot, List<AppendRequest> requests);

    /** The judge that the log uses. */
    static Judgement inQueueOrder(Snapshot snapshot, List<AppendRequest> requests) {
        Ground ground = Ground.of(snapshot);
        List<Judgement.Verdict> verdicts = new ArrayList<>(requests.size());
        for (AppendRequest request : requests) {
            Hearing hearing = new Hearing(request, ground.tentative());
            List<Outcome> outcomes = hearing.outcomes();
            boolean refused = request.onConflict() == AppendRequest.OnConflict.REFUSE_REQUEST
                    && outcomes.stream().anyMatch(Outcome::refuses);
            if (refused) {
                verdicts.add(new Judgement.Verdict.Refuse(outcomes));
            } else {
                ground.adopt(hearing.ground());
                verdicts.add(new Judgement.Verdict.Accept(outcomes));
            }
        }
        return new Judgement(ground.rows(), ground.asides(), ground.releases(), verdicts);
    }
}
