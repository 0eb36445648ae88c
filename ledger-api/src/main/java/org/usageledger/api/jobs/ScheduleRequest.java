package org.usageledger.api.jobs;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.micronaut.http.HttpRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.usageledger.api.http.BodyRefused;
import org.usageledger.api.http.Query;
import org.usageledger.jobs.schedule.Schedules;

/** Reads the wish for a schedule. */
final class ScheduleRequest {
    private static final OperatorBody BODY = new OperatorBody(
            "{\"cron\":\"30 3 * * *\",\"time_zone\":\"Europe/Berlin\",\"parameters\":{…},\"enabled\":true}");

    private Optional<String> cron = Optional.empty();
    private Optional<String> timeZone = Optional.empty();
    private Map<String, String> parameters = Map.of();
    private boolean enabled = true;

    private ScheduleRequest() {}

    static Schedules.Wish read(HttpRequest<?> request) throws IOException {
        return BODY.read(request, parser -> new ScheduleRequest().wish(parser));
    }

    private Schedules.Wish wish(JsonParser parser) throws IOException {
        BODY.begin(parser);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            take(parser, name);
        }
        return new Schedules.Wish(
                cron.orElseThrow(() -> missing("cron")),
                timeZone.orElseThrow(() -> missing("time_zone")),
                parameters,
                enabled);
    }

    private void take(JsonParser parser, String name) throws IOException {
        switch (name) {
            case "cron" -> cron = Optional.of(BODY.text(parser, name));
            case "time_zone" -> timeZone = Optional.of(BODY.text(parser, name));
            case "parameters" -> parameters = BODY.texts(parser);
            case "enabled" -> enabled = truth(parser, name);
            default -> throw BODY.malformed("The field \"" + Query.shown(name) + "\" is not one of a schedule.");
        }
    }

    private static boolean truth(JsonParser parser, String name) throws IOException {
        if (!parser.currentToken().isBoolean()) {
            throw BODY.malformed("The field \"" + name + "\" is neither true nor false.");
        }
        return parser.getBooleanValue();
    }

    private static BodyRefused missing(String name) {
        return BODY.malformed("The field \"" + name + "\" is missing.");
    }
}
