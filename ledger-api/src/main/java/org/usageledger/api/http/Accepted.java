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
        return request.accept().stream().flatMap(type -> by(type).stream()).findFirst();
    }

    /** The one that this type or range of types means; empty if it means neither. */
    public static Optional<Accepted> by(MediaType type) {
        if (type.getName().equals(NDJSON_TYPE)) {
            return Optional.of(NDJSON);
        }
        if (type.matches(MediaType.APPLICATION_JSON_TYPE)) {
            return Optional.of(JSON);
        }
        return type.matches(NDJSON_MEDIA) ? Optional.of(NDJSON) : Optional.empty();
    }

    /** A stream goes to the end of what there is when it begins: what cuts or holds up a page means nothing to it. */
    public static void refuseOnStream(Query query, String parameter) {
        if (query.text(parameter).isPresent()) {
            query.refuse(parameter, "does not apply to a stream of " + NDJSON_TYPE + "; leave it out, or accept JSON");
        }
    }

    /** The answer to a request that accepts neither. */
    public static Problem refusal() {
        return Problem.of(
                ProblemType.NOT_ACCEPTABLE,
                "This is served as application/json and as " + NDJSON_TYPE + ": name one of them in Accept.");
    }
}
