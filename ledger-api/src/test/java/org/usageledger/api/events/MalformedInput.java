package org.usageledger.api.events;

import static org.usageledger.api.LiveService.bytes;
import static org.usageledger.api.LiveService.gzip;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;

/** A request to append that is wrong in one way. */
final class MalformedInput {
    private static final String JSON = "application/json";
    private static final String LINES = "application/x-ndjson";
    private static final List<String> WRONG_VALUES =
            List.of("true", "[]", "7", "{\"a\":1}", "1e400", "-1", "\"\\u0000\"");
    private static final List<String> VALUES = List.of(
            "\"e-1\"",
            "\"2026-01-02T03:04:05Z\"",
            "{\"current\":\"STARTED\",\"previous\":\"STOPPED\"}",
            "\"STARTED\"",
            "\"p-1\"");

    private static final int WAYS = 17;

    private final String way;
    private final String type;
    private final String encoding;
    private final byte[] body;

    private MalformedInput(String way, String type, String encoding, byte[] body) {
        this.way = way;
        this.type = type;
        this.encoding = encoding;
        this.body = body;
    }

    static MalformedInput generate(RandomGenerator random, int number, IngestLimits limits) {
        String event = Events.started("e-1", "p-1");
        return switch (number % WAYS) {
            case 0 -> truncated(random, event);
            case 1 -> wrongType(random, event);
            case 2 -> hugeNumber(random, event);
            case 3 -> deep(random, event);
            case 4 -> invalidUtf8(random, event);
            case 5 -> nul(random, event);
            case 6 -> twice(random, event);
            case 7 -> badGzip(random, event);
            case 8 -> bomb(random, limits);
            case 9 -> tooLargeEvent(random, event, limits);
            case 10 -> tooManyEvents(random, limits);
            case 11 -> tooLargeRequest(random, event, limits);
            case 12 -> wrongMedia(random, event);
            case 13 -> followed(random, event);
            case 14 -> loneSurrogate(random, event);
            case 15 -> otherEnvelope(random, event);
            default -> missingField(random, event);
        };
    }

    Answer sendTo(LiveService ledger) {
        return encoding.isEmpty()
                ? ledger.post("/v1/events", type, body)
                : ledger.post("/v1/events", type, body, "Content-Encoding", encoding);
    }

    private static MalformedInput of(String way, RandomGenerator random, String event) {
        boolean lines = random.nextBoolean();
        String good = Events.started("good", "good");
        String body = lines ? good + "\n" + event + "\n" : "{\"events\":[" + good + "," + event + "]}";
        boolean compressed = random.nextInt(4) == 0;
        byte[] plain = bytes(body);
        return new MalformedInput(
                way, lines ? LINES : JSON, compressed ? "gzip" : "", compressed ? gzip(plain) : plain);
    }

    private static MalformedInput truncated(RandomGenerator random, String event) {
        boolean lines = random.nextBoolean();
        byte[] whole = bytes(lines ? event : "{\"events\":[" + event + "]}");
        return new MalformedInput(
                "truncated", lines ? LINES : JSON, "", Arrays.copyOf(whole, random.nextInt(1, whole.length)));
    }

    private static MalformedInput wrongType(RandomGenerator random, String event) {
        String value = VALUES.get(random.nextInt(VALUES.size()));
        return of("wrong type", random, event.replace(value, WRONG_VALUES.get(random.nextInt(WRONG_VALUES.size()))));
    }

    private static MalformedInput hugeNumber(RandomGenerator random, String event) {
        String digits = "9".repeat(random.nextInt(11, 5_000));
        return of("huge number", random, event.replace("\"current\":512", "\"current\":" + digits));
    }

    private static MalformedInput deep(RandomGenerator random, String event) {
        int depth = random.nextInt(33, 3_000);
        String open = random.nextBoolean() ? "[" : "{\"x\":";
        String nested = open.repeat(depth) + "1" + (open.equals("[") ? "]" : "}").repeat(depth);
        return of("deep nesting", random, event.replace("{\"kind\"", "{\"x\":" + nested + ",\"kind\""));
    }

    private static MalformedInput invalidUtf8(RandomGenerator random, String event) {
        List<String> broken =
                List.of("\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00e2\u0082", "\u00f5\u0080", "\u0080");
        String text = event.replace("shop", "sh" + broken.get(random.nextInt(broken.size())) + "op");
        return new MalformedInput("invalid UTF-8", LINES, "", text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static MalformedInput nul(RandomGenerator random, String event) {
        return of("NUL", random, event.replace("shop", random.nextBoolean() ? "sh\\u0000op" : "sh\u0000op"));
    }

    private static MalformedInput twice(RandomGenerator random, String event) {
        List<String> names = List.of("guid", "state", "process", "kind", "x");
        String name = names.get(random.nextInt(names.size()));
        return of(
                "name twice",
                random,
                event.replace("{\"kind\"", "{\"" + name + "\":null,\"" + name + "\":null,\"kind\""));
    }

    private static MalformedInput badGzip(RandomGenerator random, String event) {
        byte[] good = gzip(bytes("{\"events\":[" + event + "]}"));
        byte[] bad = switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(good, random.nextInt(1, good.length));
            case 1 -> bytes("{\"events\":[" + event + "]}");
            case 2 -> flipped(good, good.length - 1 - random.nextInt(8));
            default -> Arrays.copyOf(good, good.length + 1 + random.nextInt(20));
        };
        return new MalformedInput("bad gzip", JSON, "gzip", bad);
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] changed = bytes.clone();
        changed[at] ^= 0x55;
        return changed;
    }

    private static MalformedInput bomb(RandomGenerator random, IngestLimits limits) {
        String blanks = " ".repeat((int) limits.requestBytes() + random.nextInt(1, 1 << 20));
        return new MalformedInput("gzip bomb", JSON, "gzip", gzip(bytes(blanks + "{\"events\":[]}")));
    }

    private static MalformedInput tooLargeEvent(RandomGenerator random, String event, IngestLimits limits) {
        String name = "n".repeat(limits.event().eventBytes() + random.nextInt(1000));
        return of("event too large", random, event.replace("shop", name));
    }

    private static MalformedInput tooManyEvents(RandomGenerator random, IngestLimits limits) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < limits.requestEvents() + 1 + random.nextInt(50); i++) {
            lines.append(Events.started("e-" + i, "p")).append('\n');
        }
        return new MalformedInput("too many events", LINES, "", bytes(lines.toString()));
    }

    private static MalformedInput tooLargeRequest(RandomGenerator random, String event, IngestLimits limits) {
        String blanks = "\n".repeat((int) limits.requestBytes() + random.nextInt(1000));
        return new MalformedInput("request too large", LINES, "", bytes(event + blanks + event));
    }

    private static MalformedInput wrongMedia(RandomGenerator random, String event) {
        List<String> types = List.of(
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json; charset=utf-16",
                "application/x-ndjson; charset=iso-8859-1");
        String encoding = random.nextInt(3) == 0 ? "br" : "";
        String type = encoding.isEmpty() ? types.get(random.nextInt(types.size())) : JSON;
        return new MalformedInput("wrong media type", type, encoding, bytes("{\"events\":[" + event + "]}"));
    }

    private static MalformedInput followed(RandomGenerator random, String event) {
        List<String> garbage = List.of("x", "{}", "]", "}", ",", "null");
        String more = garbage.get(random.nextInt(garbage.size()));
        return random.nextBoolean()
                ? new MalformedInput("garbage after", JSON, "", bytes("{\"events\":[" + event + "]}" + more))
                : new MalformedInput("garbage after", LINES, "", bytes(event + more + "\n"));
    }

    private static MalformedInput loneSurrogate(RandomGenerator random, String event) {
        String half = random.nextBoolean() ? "\\ud83d" : "\\ude00";
        return of("lone surrogate", random, event.replace("shop", half + "op"));
    }

    private static MalformedInput otherEnvelope(RandomGenerator random, String event) {
        List<String> envelopes = List.of(
                "[" + event + "]",
                event,
                "{\"event\":[" + event + "]}",
                "{\"events\":" + event + "}",
                "{\"events\":[" + event + "],\"more\":1}",
                "{\"events\":[],\"events\":[" + event + "]}",
                "{}",
                "null",
                "",
                "{\"events\":[" + event + ",7]}");
        return new MalformedInput("envelope", JSON, "", bytes(envelopes.get(random.nextInt(envelopes.size()))));
    }

    private static MalformedInput missingField(RandomGenerator random, String event) {
        List<String> needed = List.of("\"kind\"", "\"guid\":\"e-1\"", "\"created_at\"", "\"state\"", "\"process\"");
        String field = needed.get(random.nextInt(needed.size()));
        return of("missing field", random, event.replace(field, field.replaceFirst("\"", "\"x_")));
    }

    @Override
    public String toString() {
        String text = new String(body, 0, Math.min(body.length, 1500), StandardCharsets.ISO_8859_1);
        return way + " " + type + " " + encoding + " " + body.length + " bytes: " + text;
    }
}
