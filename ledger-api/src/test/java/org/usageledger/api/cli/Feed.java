package org.usageledger.api.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.usageledger.api.cli.StandIn.Asked;
import org.usageledger.api.cli.StandIn.Reply;

/** Events to append, numbered, and a service's answers to them. */
final class Feed {
    static final String HEAD = "1-4711-0";

    private Feed() {}

    static Reply acceptAll(Asked asked) {
        return accepted(asked.lines().size(), 0, 0);
    }

    static Reply accepted(int recorded, int duplicates, int suppressed) {
        return Reply.json("{\"recorded\":" + recorded + ",\"duplicates\":" + duplicates + ",\"suppressed\":"
                + suppressed + ",\"head\":\"" + HEAD + "\"}");
    }

    static List<String> sent(StandIn service) {
        return sent(service.asked());
    }

    static List<String> sent(List<Asked> asked) {
        List<String> lines = new ArrayList<>();
        asked.forEach(each -> lines.addAll(each.lines()));
        return lines;
    }

    static List<String> lines(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(number -> "{\"kind\":\"app\",\"guid\":\"event-" + number + "\"}")
                .toList();
    }

    static String events(int from, int to) {
        return lines(from, to).stream().collect(Collectors.joining("\n", "", "\n"));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
