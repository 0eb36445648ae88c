package org.usageledger.api.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * An answer that is none: what was wrong and what to do next (RFC 9457).
 *
 * @param status usually the type's own
 * @param detail what to do next, for a human
 * @param members beyond those that every problem has
 * @param retryAfter when the same request may be sent again
 */
public record Problem(ProblemType type, int status, String detail, Members members, Optional<Duration> retryAfter) {
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String ATTRIBUTE = "ledger.problem";

    /** Writes extension members into the problem's object. */
    @FunctionalInterface
    public interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    public static Problem of(ProblemType type, String detail) {
        return of(type, detail, _ -> {});
    }

    public static Problem of(ProblemType type, String detail, Members members) {
        return new Problem(type, type.status().getCode(), detail, members, Optional.empty());
    }

    /** Which problem an answer is; empty if it is none. */
    public static Optional<ProblemType> typeOf(HttpResponse<?> answer) {
        return answer.getAttribute(ATTRIBUTE, ProblemType.class);
    }

    /** Notes on an answer that it is this problem. */
    void markOn(HttpResponse<?> answer) {
        answer.setAttribute(ATTRIBUTE, type);
    }

    /** The same, with a time after which the client may come again. */
    public Problem retryAfter(Duration wait) {
        return new Problem(type, status, detail, members, Optional.of(wait));
    }

    /** The same, with more members. */
    public Problem with(Members more) {
        Members all = json -> {
            members.write(json);
            more.write(json);
        };
        return new Problem(type, status, detail, all, retryAfter);
    }

    public MutableHttpResponse<Content> answer() {
        MutableHttpResponse<Content> answer = HttpResponse.<Content>status(status, type.title())
                .body(content())
                .contentType(MEDIA_TYPE);
        markOn(answer);
        if (type == ProblemType.BODY_TOO_SLOW) {
            // What is left of the body would have to be waited for before the next request.
            answer.header(HttpHeaders.CONNECTION, "close");
        }
        retryAfter.ifPresent(
                wait -> answer.header(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, wait.toSeconds()))));
        return answer;
    }

    Content content() {
        return Content.json(this::write);
    }

    /** The problem's object, for answers that have begun already. */
    public void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", type.uri());
        json.writeStringField("title", type.title());
        json.writeNumberField("status", status);
        json.writeStringField("detail", detail);
        members.write(json);
        json.writeEndObject();
    }
}
