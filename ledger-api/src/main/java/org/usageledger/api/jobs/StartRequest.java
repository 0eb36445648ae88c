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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.usageledger.api.http.BodyRefused;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.api.http.RequestBody;

/**
 * The wish to start an execution.
 *
 * @param parameters of the job, by name
 */
record StartRequest(Optional<String> requestKey, Map<String, String> parameters) {
    private static final String REQUEST_KEY = "request_key";
    private static final long LARGEST_BODY = 64 * 1024;
    private static final JsonFactory PARSERS = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** Reads a JSON object of texts, numbers and truths; an empty body is an empty one. */
    static StartRequest read(HttpRequest<?> request) throws IOException {
        String type = request.getContentType()
                .map(MediaType::getName)
                .orElse(hasBody(request) ? "" : MediaType.APPLICATION_JSON);
        if (!type.equals(MediaType.APPLICATION_JSON)) {
            throw new BodyRefused(
                    Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "An execution is asked for with application/json."));
        }
        try (InputStream body = RequestBody.open(request, LARGEST_BODY);
                JsonParser parser = PARSERS.createParser(body)) {
            Map<String, String> sent = fields(parser);
            Optional<String> key = Optional.ofNullable(sent.remove(REQUEST_KEY));
            return new StartRequest(key, sent);
        } catch (JsonProcessingException e) {
            throw malformed("The body is no JSON: " + Query.shown(e.getOriginalMessage()) + ".");
        }
    }

    private static boolean hasBody(HttpRequest<?> request) {
        return request.getContentLength() > 0 || request.getHeaders().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    private static Map<String, String> fields(JsonParser parser) throws IOException {
        Map<String, String> sent = new TreeMap<>();
        if (parser.nextToken() == null) {
            return sent;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw malformed("The body is no JSON object.");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (!value.isScalarValue() || value == JsonToken.VALUE_NULL) {
                throw malformed("The field \"" + Query.shown(name) + "\" is no text, number or truth.");
            }
            String text = parser.getText();
            if (!Query.isStorable(name) || !Query.isStorable(text)) {
                throw malformed("The field \"" + Query.shown(name) + "\" " + Query.NOT_STORABLE + ".");
            }
            sent.put(name, text);
        }
        if (parser.nextToken() != null) {
            throw malformed("Something follows the JSON object.");
        }
        return sent;
    }

    private static BodyRefused malformed(String detail) {
        return new BodyRefused(Problem.of(
                ProblemType.MALFORMED_BODY, detail + " Send {\"request_key\":…, and the job's parameters}."));
    }
}
