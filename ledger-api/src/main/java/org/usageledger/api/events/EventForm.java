package org.usageledger.api.events;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import java.util.Optional;
import org.usageledger.api.http.Accepted;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;

/** The form in which a reader wants the feed. */
enum EventForm {
    PAGE,
    LINES,
    CLOUD_EVENTS;

    /** The first of these that the request accepts, a page where it does not say; empty if it accepts none. */
    static Optional<EventForm> by(HttpRequest<?> request) {
        if (request.accept().isEmpty()) {
            return Optional.of(PAGE);
        }
        for (MediaType type : request.accept()) {
            Optional<EventForm> form = type.getName().equals(CloudEvents.BATCH_TYPE)
                    ? Optional.of(CLOUD_EVENTS)
                    : Accepted.by(type).map(accepted -> switch (accepted) {
                        case JSON -> PAGE;
                        case NDJSON -> LINES;
                    });
            if (form.isPresent()) {
                return form;
            }
        }
        return Optional.empty();
    }

    static Problem refusal() {
        return Problem.of(
                ProblemType.NOT_ACCEPTABLE,
                "This is served as application/json, as " + Accepted.NDJSON_TYPE + " and as " + CloudEvents.BATCH_TYPE
                        + ": name one of them in Accept.");
    }
}
