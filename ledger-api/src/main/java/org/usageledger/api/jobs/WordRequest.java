package org.usageledger.api.jobs;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.micronaut.http.HttpRequest;
import java.io.IOException;
import java.util.Optional;
import org.usageledger.api.access.Caller;
import org.usageledger.api.http.Query;
import org.usageledger.jobs.Word;

/**
 * What an operator who stops something says for the record.
 *
 * @param force also where it would be refused because a node may live
 */
record WordRequest(Word word, boolean force) {
    private static final OperatorBody PLAIN = new OperatorBody("{\"reason\":\"…\"}");
    private static final OperatorBody FORCED = new OperatorBody("{\"reason\":\"…\",\"force\":false}");

    /** Reads {@code reason}. */
    static WordRequest plain(HttpRequest<?> request) throws IOException {
        return read(request, PLAIN, false);
    }

    /** Reads {@code reason}, and {@code force}, which is false if it is not sent. */
    static WordRequest forced(HttpRequest<?> request) throws IOException {
        return read(request, FORCED, true);
    }

    private static WordRequest read(HttpRequest<?> request, OperatorBody body, boolean mayForce) throws IOException {
        String by = Caller.of(request).name();
        return body.read(request, parser -> {
            Optional<String> reason = Optional.empty();
            boolean force = false;
            body.begin(parser);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("reason")) {
                    reason = Optional.of(body.text(parser, name));
                } else if (name.equals("force") && mayForce) {
                    force = truth(parser, body);
                } else {
                    throw body.malformed("The field \"" + Query.shown(name) + "\" is not taken here.");
                }
            }
            return new WordRequest(new Word(by, checked(reason, body)), force);
        });
    }

    private static boolean truth(JsonParser parser, OperatorBody body) throws IOException {
        if (!parser.currentToken().isBoolean()) {
            throw body.malformed("The field \"force\" is neither true nor false.");
        }
        return parser.getBooleanValue();
    }

    private static String checked(Optional<String> reason, OperatorBody body) throws IOException {
        String why = reason.orElseThrow(() -> body.malformed("The field \"reason\" is missing: it stands on record."));
        if (why.isBlank() || why.length() > Word.CHARACTERS) {
            throw body.malformed("The field \"reason\" has 1 to " + Word.CHARACTERS + " characters, not blank.");
        }
        return why;
    }
}
