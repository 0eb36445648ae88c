package org.usageledger.api.observe;

import java.time.Instant;

/**
 * Something that does not work as it should while the process runs.
 *
 * @param problem what is wrong; names nothing that a driver said, which may name hosts, users and values
 * @param since when this node saw it first; it has not seen it well again since
 */
record Degraded(Part part, Instant since, String problem) {

    /** With nothing more to say than what is always wrong then. */
    static Degraded of(Part part, Instant since) {
        return new Degraded(part, since, part.problem);
    }

    /** Everything that can be. The names are part of the contract. */
    enum Part {
        DATABASE(
                "database",
                "the database does not answer as it should",
                "bring the database back, or the way to it; the service's log has the cause. Senders and readers may try again."),
        HEAD(
                "head",
                "the head of the log cannot be read, so that readers do not hear of what is new",
                "see whether the database takes connections from this service; its log has the cause."),
        STREAM(
                "stream",
                "the log cannot be read on for those who follow it as a stream",
                "see whether the database takes connections from this service; its log has the cause. Followers go on by themselves."),
        APPENDER(
                "appender",
                "recording failed since it last succeeded",
                "nothing that was acknowledged is lost, and senders try again; the service's log has the cause."),
        PROJECTION(
                "projection",
                "a projection does not come forward",
                "answers say how far they are complete; the service's log has the cause. Start the job check once it goes on."),
        NODE(
                "node",
                "this node neither projects nor carries out executions any more",
                "give each service on one database a LEDGER_NODE of its own, and start this one again."),
        EXECUTION(
                "execution",
                "an execution failed, is stuck or does not come forward, or reported what somebody has to look at",
                "ask for it with: ledger executions show ID. Once its cause is mended, start the same again; it is over when that is done.");

        private final String label;
        private final String problem;
        private final String action;

        Part(String label, String problem, String action) {
            this.label = label;
            this.problem = problem;
            this.action = action;
        }

        /** As it is shown. */
        String label() {
            return label;
        }

        /** What is wrong, where there is nothing more to say. */
        String problem() {
            return problem;
        }

        /** What to do. */
        String action() {
            return action;
        }
    }
}
