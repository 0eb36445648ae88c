package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;

/** What the service said. */
record Answer(int status, HttpHeaders headers, Bytes body) {

    boolean succeeded() {
        return status / 100 == 2;
    }

    /** Worth asking again, unchanged: overloaded, in doubt, or a fault that may pass. */
    boolean retryable() {
        return (status >= 500 && status != 501) || status == 429 || status == 408;
    }

    /** What {@code Retry-After} asks for, in seconds; dates are not read. */
    Optional<Duration> retryAfter() {
        return headers.firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    /** The body of a success; anything else fails the command with what the service said. */
    JsonNode json() {
        if (!succeeded()) {
            throw Problem.of(this).failure();
        }
        return JsonText.read(body.array(), "the service's answer");
    }
}
