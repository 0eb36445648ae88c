package org.usageledger.api.faults;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Everything that a service serves from the first event on, held against what writers know. */
final class WholeFeed {
    private static final JsonFactory JSON = new JsonFactory();

    private final List<Long> positions = new ArrayList<>();
    private final Map<String, Integer> times = new HashMap<>();

    private WholeFeed() {}

    static WholeFeed read(URI service) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(service.resolve("/v1/events?after=oldest"))
                    .header("Accept", "application/x-ndjson")
                    .build();
            HttpResponse<Stream<String>> response = client.send(request, HttpResponse.BodyHandlers.ofLines());
            WholeFeed feed = new WholeFeed();
            for (String line : (Iterable<String>) response.body()::iterator) {
                feed.add(line);
            }
            return feed;
        }
    }

    private void add(String line) throws IOException {
        try (JsonParser parser = JSON.createParser(line)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && "/position".equals(path(parser))) {
                    positions.add(parser.getLongValue());
                } else if (parser.currentToken() == JsonToken.VALUE_STRING && "/event/guid".equals(path(parser))) {
                    times.merge(parser.getText(), 1, Integer::sum);
                }
            }
        }
    }

    private static String path(JsonParser parser) {
        return parser.getParsingContext().pathAsPointer().toString();
    }

    int size() {
        return positions.size();
    }

    /** What is wrong with it, in words and with examples; empty if nothing is. */
    List<String> problems(Set<String> attempted, Set<String> acknowledged) {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < positions.size(); i++) {
            if (positions.get(i) != i + 1) {
                problems.add("position " + positions.get(i) + " stands where " + (i + 1) + " should");
                break;
            }
        }
        Set<String> missing = new TreeSet<>(acknowledged);
        missing.removeAll(times.keySet());
        report(problems, missing, "acknowledged events are missing");
        Set<String> unknown = new TreeSet<>(times.keySet());
        unknown.removeAll(attempted);
        report(problems, unknown, "events are there that nobody sent");
        Set<String> repeated = new TreeSet<>();
        times.forEach((guid, count) -> {
            if (count > 1) {
                repeated.add(guid);
            }
        });
        report(problems, repeated, "events are there more than once");
        return problems;
    }

    private static void report(List<String> problems, Set<String> guids, String what) {
        if (!guids.isEmpty()) {
            problems.add(
                    guids.size() + " " + what + ": " + guids.stream().limit(20).toList());
        }
    }
}
