package org.usageledger.api.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import java.util.Optional;

/** The form in which a reader wants many things: one JSON document, or one a line. */
public enum Accepted {
    JSON,
    NDJSON;

    public static final String NDJSON_TYPE = "application/x-ndjson";

    private static final MediaType NDJSON_MEDIA = MediaType.of(NDJSON_TYPE);

    /** The first of these that the request accepts, JSON where it does not say; empty if it accepts neither. */
    public static Optional<Accepted> by(HttpRequest<?> request) {
        if (request.accept().isEmpty()) {
            return Optional.of(JSON);
        }
        for (MediaType type : request.accept()) {
            if (type.getName().equals(NDJSON_TYPE)) {
                return Optional.of(NDJSON);
            }
            if (type.matches(MediaType.APPLICATION_JSON_TYPE)) {
                return Optional.of(JSON);
            }
            if (type.matches(NDJSON_MEDIA)) {
                return Optional.of(NDJSON);
            }
        }
        return Optional.empty();
    }

    /** The answer to a request that accepts neither. */
    public static Problem refusal() {
        return Problem.of(
                ProblemType.NOT_ACCEPTABLE,
                "This is served as application/json and as " + NDJSON_TYPE + ": name one of them in Accept.");
    }
}
