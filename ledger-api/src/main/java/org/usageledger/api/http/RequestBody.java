package org.usageledger.api.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.ServerHttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Opens a request's body as a stream of valid UTF-8: decompressed, checked and counted while it is read, with back-pressure on the
 * sender. Whatever is wrong with it surfaces as {@link BodyRefused} when the reader comes to that place.
 */
public final class RequestBody {
    private RequestBody() {}

    /**
     * Opens the body; nothing is read yet.
     *
     * @param maxBytes of the body, as sent and after decompression alike
     * @param arrival from the first read to the last byte: afterwards the reader is refused, however often a byte comes
     */
    public static InputStream open(HttpRequest<?> request, long maxBytes, Duration arrival) throws IOException {
        checkCharset(request);
        if (request.getContentLength() > maxBytes) {
            throw LimitedStream.tooLarge(maxBytes, "the body as sent");
        }
        String encoding = request.getHeaders()
                .findFirst(HttpHeaders.CONTENT_ENCODING)
                .orElse("identity")
                .strip()
                .toLowerCase(Locale.ROOT);
        InputStream sent = new LimitedStream(new TimelyStream(raw(request), arrival), maxBytes, "the body as sent");
        return switch (encoding) {
            case "identity" -> new Utf8Check(sent);
            case "gzip", "x-gzip" ->
                new Utf8Check(new LimitedStream(new Gunzip(sent), maxBytes, "the body after decompression"));
            default ->
                throw new BodyRefused(Problem.of(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "The Content-Encoding \"" + Query.shown(encoding) + "\" is not taken; send gzip or none."));
        };
    }

    /** Refuses text that is no valid UTF-8 when the reader comes to that place. */
    public static InputStream utf8(InputStream text) {
        return new Utf8Check(text);
    }

    private static InputStream raw(HttpRequest<?> request) {
        if (request instanceof ServerHttpRequest<?> server) {
            return server.byteBody().toInputStream();
        }
        throw new IllegalStateException("the server hands in requests without a body to stream: " + request.getClass());
    }

    private static void checkCharset(HttpRequest<?> request) throws BodyRefused {
        String charset = request.getContentType()
                .flatMap(type -> type.getParameters().get(MediaType.CHARSET_PARAMETER))
                .map(Object::toString)
                .orElse("utf-8")
                .replace("\"", "");
        if (!charset.equalsIgnoreCase("utf-8") && !charset.equalsIgnoreCase("us-ascii")) {
            throw new BodyRefused(Problem.of(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "The charset \"" + Query.shown(charset) + "\" is not taken; send UTF-8."));
        }
    }
}
