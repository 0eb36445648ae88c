package org.usageledger.postgres;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a server keeps what it has committed. */
public sealed interface Durability {

    /**
     * Nothing that was committed is lost.
     *
     * @param warnings what the operator should know although it loses nothing by itself
     */
    record Durable(List<Reason> warnings) implements Durability {}

    /**
     * A commit that was answered can be lost.
     *
     * @param reasons at least one
     */
    record NotDurable(List<Reason> reasons, List<Reason> warnings) implements Durability {}

    /**
     * One finding.
     *
     * @param setting the server's name for it
     * @param why what can be lost
     * @param whatToDo an instruction
     */
    record Reason(String setting, String value, String why, String whatToDo) {

        @Override
        public String toString() {
            return setting + " is " + (value.isEmpty() ? "empty" : value) + " (" + why + "): " + whatToDo;
        }
    }

    /** All findings on one line, the grave ones first. */
    static String sentence(List<Reason> reasons, List<Reason> warnings) {
        return Stream.concat(reasons.stream(), warnings.stream())
                .map(Reason::toString)
                .collect(Collectors.joining("; "));
    }
}
