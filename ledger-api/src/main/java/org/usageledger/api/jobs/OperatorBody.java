package org.usageledger.api.jobs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.usageledger.api.http.BodyRefused;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.api.http.RequestBody;

/**
 * The JSON object by which an operator says what is to be.
 *
 * @param form what to send, for those who sent something else
 */
record OperatorBody(String form) {
    private static final long LARGEST_BODY = 64 * 1024;

    /** Of one packet or two. */
    private static final Duration ARRIVAL = Duration.ofSeconds(10);

    private static final JsonFactory PARSERS = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** Reads the object's fields, standing at its beginning, up to its end. */
    @FunctionalInterface
    interface Reader<T> {
        T read(JsonParser parser) throws IOException;
    }

    /** Reads the object; an empty body is an empty one. */
    <T> T read(HttpRequest<?> request, Reader<T> reader) throws IOException {
        String type = request.getContentType()
                .map(MediaType::getName)
                .orElse(hasBody(request) ? "" : MediaType.APPLICATION_JSON);
        if (!type.equals(MediaType.APPLICATION_JSON)) {
            throw new BodyRefused(
                    Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "This is asked for with application/json."));
        }
        try (InputStream body = RequestBody.open(request, LARGEST_BODY, ARRIVAL);
                JsonParser parser = PARSERS.createParser(body)) {
            if (parser.nextToken() == null) {
                return empty(reader);
            }
            T read = reader.read(parser);
            if (parser.nextToken() != null) {
                throw malformed("Something follows the JSON object.");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw malformed("The body is no JSON: " + Query.shown(e.getOriginalMessage()) + ".");
        }
    }

    private static <T> T empty(Reader<T> reader) throws IOException {
        try (JsonParser parser = PARSERS.createParser("{}")) {
            parser.nextToken();
            return reader.read(parser);
        }
    }

    private static boolean hasBody(HttpRequest<?> request) {
        return request.getContentLength() > 0 || request.getHeaders().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    /** Reads an object of texts, numbers and truths, each as its text. */
    Map<String, String> texts(JsonParser parser) throws IOException {
        Map<String, String> sent = new TreeMap<>();
        begin(parser);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            sent.put(name, text(parser, name));
        }
        return sent;
    }

    /** Refuses anything but the beginning of an object. */
    void begin(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw malformed(
                    parser.currentName() == null
                            ? "The body is no JSON object."
                            : "The field \"" + Query.shown(parser.currentName()) + "\" is no JSON object.");
        }
    }

    /** The text, number or truth that the parser stands at. */
    String text(JsonParser parser, String name) throws IOException {
        JsonToken value = parser.currentToken();
        if (!value.isScalarValue() || value == JsonToken.VALUE_NULL) {
            throw malformed("The field \"" + Query.shown(name) + "\" is no text, number or truth.");
        }
        String text = parser.getText();
        if (!Query.isStorable(name) || !Query.isStorable(text)) {
            throw malformed("The field \"" + Query.shown(name) + "\" " + Query.NOT_STORABLE + ".");
        }
        return text;
    }

    BodyRefused malformed(String detail) {
        return new BodyRefused(Problem.of(ProblemType.MALFORMED_BODY, detail + " Send " + form + "."));
    }
}
