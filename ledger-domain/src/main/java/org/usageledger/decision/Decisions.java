package org.usageledger.decision;

import java.util.List;
import java.util.Optional;
import org.usageledger.log.Fence;
import org.usageledger.log.ResourceReader;

/** Carries out commands about runs. Blocks until the answer is known, with a deadline. */
public interface Decisions {
    /** The most commands in one bulk: what is asked, decided and appended at once. */
    int MOST_COMMANDS = ResourceReader.MOST_RESOURCES;

    /**
     * Carries out one command, tried again a bounded number of times when something newer of the resource comes in between.
     *
     * @param fence of the execution that asks, if one does
     */
    Answer decide(RunCommand command, Optional<Fence> fence);

    /**
     * Carries out many commands in one append: those whose condition fails are left out and say so, the others are recorded together or not at all. Nothing is
     * tried again. Where nothing is to be recorded, the fence is not entered.
     *
     * @param commands at most {@value #MOST_COMMANDS}, each about another resource
     * @return one answer a command, in their order
     */
    List<Answer> decideAll(List<RunCommand> commands, Optional<Fence> fence);
}
