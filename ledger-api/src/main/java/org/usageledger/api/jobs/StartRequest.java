package org.usageledger.api.jobs;

import io.micronaut.http.HttpRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The wish to start an execution.
 *
 * @param parameters of the job, by name
 */
record StartRequest(Optional<String> requestKey, Map<String, String> parameters) {
    private static final String REQUEST_KEY = "request_key";
    private static final OperatorBody BODY = new OperatorBody("{\"request_key\":…, and the job's parameters}");

    /** Reads a JSON object of texts, numbers and truths; an empty body is an empty one. */
    static StartRequest read(HttpRequest<?> request) throws IOException {
        Map<String, String> sent = BODY.read(request, BODY::texts);
        Optional<String> key = Optional.ofNullable(sent.remove(REQUEST_KEY));
        return new StartRequest(key, sent);
    }
}
