package org.usageledger.api.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;

/** Answers that are no problem. */
public final class Answers {
    private Answers() {}

    /** 200 with a JSON document. */
    public static MutableHttpResponse<Content> json(Content.JsonWriter writer) {
        return json(Content.json(writer));
    }

    /** 200 with a JSON document that is written already. */
    public static MutableHttpResponse<Content> json(Content written) {
        return HttpResponse.ok(written).contentType(MediaType.APPLICATION_JSON_TYPE);
    }

    /** 200 with what a browser's EventSource reads, as it is written. */
    public static MutableHttpResponse<Content> serverSentEvents(Content.Source source) {
        return HttpResponse.ok(Content.streamed(source))
                .contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                // Else the server compresses what browsers follow: a compressor's memory for each of thousands, all
                // day.
                .header(HttpHeaders.CONTENT_ENCODING, "identity");
    }

    /** 200 with one JSON value a line, written as the reader takes them. */
    public static MutableHttpResponse<Content> lines(Content.Source source) {
        return HttpResponse.ok(Content.streamed(source)).contentType(Accepted.NDJSON_TYPE);
    }
}
