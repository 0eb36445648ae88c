package org.usageledger.decision.axon;

import java.util.List;
import java.util.Optional;
import org.usageledger.decision.Answer;
import org.usageledger.decision.RunCommand;
import org.usageledger.log.Fence;

/** What goes over the command bus, and what comes back. Nothing of it leaves this process. */
sealed interface Order {

    Optional<Fence> fence();

    record One(RunCommand command, Optional<Fence> fence) implements Order {}

    record Many(List<RunCommand> commands, Optional<Fence> fence) implements Order {
        public Many {
            commands = List.copyOf(commands);
        }
    }

    /** Answers to many commands. */
    record Answers(List<Answer> answers) {}

    /** The answer to one command; known when its unit of work is committed. */
    @FunctionalInterface
    interface Pending {
        Answer answer();
    }
}
