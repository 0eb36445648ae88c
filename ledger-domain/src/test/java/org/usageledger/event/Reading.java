package org.usageledger.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.EventKind;

/** Reads one event as a request would. */
final class Reading {
    static final String APP = """
            {"kind":"app","guid":"e-1","created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z",
             "state":{"current":"STARTED","previous":"STOPPED"},"app":{"guid":"a-1","name":"shop"},
             "process":{"guid":"p-1","type":"web"},"space":{"guid":"s-1","name":"dev"},"organization":{"guid":"o-1"},
             "buildpack":{"guid":null,"name":null},"task":{"guid":null,"name":null},
             "memory_in_mb_per_instance":{"current":512,"previous":null},"instance_count":{"current":2,"previous":1}}
            """;

    static final String SERVICE = """
            {"guid":"e-2","created_at":"2026-01-02T03:04:05+01:00","state":"CREATED","space":{"guid":"s-1","name":"dev"},
             "organization":{"guid":"o-1"},"service_instance":{"guid":"i-1","name":"db","type":"managed_service_instance"},
             "service_plan":{"guid":"pl-1","name":"small"},"service_offering":{"guid":"of-1","name":"postgres"},
             "service_broker":{"guid":null,"name":null},"kind":"service"}
            """;

    private Reading() {}

    static Decoded read(String json) {
        return read(json, EventLimits.DEFAULT, null);
    }

    static Decoded read(String json, EventLimits limits, @Nullable EventKind known) {
        return read(new EventReader(limits), json, limits, known);
    }

    static Decoded read(EventReader reader, String json, EventLimits limits, @Nullable EventKind known) {
        try (JsonParser parser = limits.parsers().createParser(json.getBytes(StandardCharsets.UTF_8))) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            Decoded decoded = reader.read(parser, 7, known);
            assertThat(parser.currentToken()).isEqualTo(JsonToken.END_OBJECT);
            return decoded;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static UsageEvent event(String json) {
        Decoded decoded = read(json);
        assertThat(decoded).isInstanceOf(Decoded.Event.class);
        return ((Decoded.Event) decoded).event();
    }

    /** The problems as {@code field: text} lines. */
    static String problems(Decoded decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Malformed.class);
        List<EventProblem> problems = ((Decoded.Malformed) decoded).problems();
        assertThat(problems).isNotEmpty().allMatch(problem -> problem.index() == 7);
        return problems.stream()
                .map(problem -> problem.field() + ": " + problem.problem())
                .collect(Collectors.joining("\n"));
    }
}
