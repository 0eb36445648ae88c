package org.usageledger.tasks;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What an activation did.
 *
 * @param success false if something of it could not be done: it is shown as failed, with the summary for a message
 * @param summary one line for operators; {@value Details#SUMMARY_CHARACTERS} characters of it are kept
 * @param details strings, whole numbers, booleans, and lists and maps of such, as they are shown and stored; none is named
 *     {@code schema} or {@code summary}
 * @param again look again so long after the end of this activation, if that is sooner than the period; zero for at once
 */
public record Result(boolean success, String summary, Map<String, Object> details, Optional<Duration> again) {

    /** @throws IllegalArgumentException if the details are not of the kinds named, or nested too deep, or {@code again} is negative */
    public Result {
        summary = Details.line(summary);
        details = Details.copy(details);
        if (again.filter(Duration::isNegative).isPresent()) {
            throw new IllegalArgumentException("again is a time from now on, not " + again);
        }
    }

    /** Done, and nothing is expected before the period is over. */
    public static Result success(String summary, Map<String, Object> details) {
        return new Result(true, summary, details, Optional.empty());
    }

    /** Not all of it could be done. */
    public static Result failure(String message, Map<String, Object> details) {
        return new Result(false, message, details, Optional.empty());
    }

    /** The same, to be looked at again so soon. */
    public Result again(Duration soon) {
        return new Result(success, summary, details, Optional.of(soon));
    }
}
