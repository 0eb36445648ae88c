package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.jobs.recovery.Outcome;
import org.usageledger.jobs.recovery.Verdict;
import org.usageledger.tasks.TaskChannel;

/** What a pass does instead of claiming on a node that hands over: it gives back what is this node's and nothing here works on. */
final class HandingOver {
    private static final Logger LOG = LoggerFactory.getLogger(HandingOver.class);

    private HandingOver() {}

    /** Carries the claims of a plan out as a node that takes nothing; what cannot be given back has failed. */
    static void giveBack(
            Connection connection, NodeIdentity node, List<Verdict.Claim> claims, Map<UUID, Outcome> outcomes)
            throws SQLException {
        boolean given = false;
        for (Verdict.Claim claim : claims) {
            boolean left = switch (claim) {
                case Verdict.Recover _, Verdict.LostLocally _ -> true;
                case Verdict.Start _, Verdict.TakeOver _ -> false;
            };
            outcomes.put(claim.execution(), left ? given(connection, node, claim) : new Outcome.Deferred());
            given |= left;
        }
        if (given) {
            TaskChannel.announce(connection);
        }
    }

    private static Outcome given(Connection connection, NodeIdentity node, Verdict.Claim claim) {
        try {
            OutcomeTable.release(connection, new Claim(claim.execution(), node, claim.epoch()));
            LOG.info("execution {} is given back: nothing here works on it", claim.execution());
            return new Outcome.Deferred();
        } catch (SQLException e) {
            LOG.warn("cannot give back execution {}: {}", claim.execution(), e.getMessage());
            return RecoveryPass.failed(claim, "giving it back: " + e.getMessage());
        }
    }
}
