package org.usageledger.api.http;

import io.micronaut.http.HttpParameters;
import io.micronaut.http.HttpRequest;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A request's query parameters, read one by one. What cannot be taken is collected, so that all of it is answered at once: ask
 * {@link #refusal} before using what was read.
 */
public final class Query {
    /** What is wrong with a text that is not {@link #isStorable storable}, after its name. */
    public static final String NOT_STORABLE = "has a character U+0000 or half a surrogate pair; send it without";

    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,6})(ms|s|m)?");

    private final HttpParameters sent;
    private final List<Refused> refused = new ArrayList<>();

    private record Refused(String parameter, String problem) {}

    private Query(HttpParameters sent) {
        this.sent = sent;
    }

    public static Query of(HttpRequest<?> request) {
        return new Query(request.getParameters());
    }

    /** The text of a parameter; empty if it was not sent. */
    public Optional<String> text(String name) {
        List<String> values = sent.getAll(name);
        if (values.size() > 1) {
            refuse(name, "was sent " + values.size() + " times; send it once");
        }
        if (!values.stream().allMatch(Query::isStorable)) {
            refuse(name, NOT_STORABLE);
            return Optional.empty();
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /** Whether the database can hold a text: it has no U+0000 and every surrogate has its other half. */
    public static boolean isStorable(String text) {
        return text.codePoints().noneMatch(each -> each == 0 || isLoneSurrogate(each));
    }

    private static boolean isLoneSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    public int integer(String name, int fallback, int min, int max) {
        return (int) number(name, fallback, min, max);
    }

    /** As {@link #integer}, for what may be beyond 32 bits. */
    public long number(String name, long fallback, long min, long max) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            long value = Long.parseLong(text.get());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException _) {
            // Answered like a number out of range.
        }
        refuse(name, "is \"" + shown(text.get()) + "\"; send a whole number from " + min + " to " + max);
        return fallback;
    }

    public boolean flag(String name, boolean fallback) {
        return choice(name, List.of(Boolean.TRUE, Boolean.FALSE), String::valueOf)
                .orElse(fallback);
    }

    /** One of the given values by its name; empty if the parameter was not sent. */
    public <T> Optional<T> choice(String name, List<T> values, Function<T, String> names) {
        Map<String, T> byName = new LinkedHashMap<>();
        values.forEach(value -> byName.put(names.apply(value), value));
        Optional<String> text = text(name);
        if (text.isPresent() && !byName.containsKey(text.get())) {
            refuse(name, "is \"" + shown(text.get()) + "\"; send one of " + String.join(", ", byName.keySet()));
        }
        return text.flatMap(value -> Optional.ofNullable(byName.get(value)));
    }

    /** Such as {@code 30s}, {@code 500ms}, {@code 1m}, {@code 30} (seconds) or {@code PT30S}; zero if not sent. */
    public Duration duration(String name, Duration max) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Duration.ZERO;
        }
        Optional<Duration> duration = parse(text.get());
        if (duration.isEmpty() || duration.get().isNegative() || duration.get().compareTo(max) > 0) {
            refuse(
                    name,
                    "is \"" + shown(text.get()) + "\"; send a duration such as 30s, at most " + max.toSeconds() + "s");
            return Duration.ZERO;
        }
        return duration.get();
    }

    private static Optional<Duration> parse(String text) {
        Matcher matcher = SHORT_DURATION.matcher(text);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            String unit = matcher.group(2);
            return Optional.of(
                    "ms".equals(unit)
                            ? Duration.ofMillis(amount)
                            : "m".equals(unit) ? Duration.ofMinutes(amount) : Duration.ofSeconds(amount));
        }
        try {
            return Optional.of(Duration.parse(text));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /** Notes a parameter that a route cannot take for a reason of its own. */
    public void refuse(String name, String problem) {
        refused.add(new Refused(name, problem));
    }

    /** The answer, if anything read so far cannot be taken. */
    public Optional<Problem> refusal() {
        if (refused.isEmpty()) {
            return Optional.empty();
        }
        String detail = refused.stream()
                .map(each -> "The parameter \"" + each.parameter() + "\" " + each.problem() + ".")
                .collect(Collectors.joining(" "));
        return Optional.of(Problem.of(
                ProblemType.BAD_PARAMETER,
                detail,
                json -> json.writeStringField("parameter", refused.getFirst().parameter())));
    }

    /** A value as a message may quote it. */
    public static String shown(String text) {
        String cut = text.length() <= 80 ? text : text.substring(0, 80) + "…";
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
