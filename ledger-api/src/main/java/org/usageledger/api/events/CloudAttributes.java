package org.usageledger.api.events;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.http.Query;
import org.usageledger.event.Decoded;
import org.usageledger.event.EventProblem;
import org.usageledger.event.Sender;
import org.usageledger.lifecycle.EventKind;

/** The attributes of one CloudEvent on its way in. Extensions are taken and passed over. */
final class CloudAttributes {
    /** Far above what any sender has; more are not remembered. */
    private static final int MOST = 64;

    /** Of source and id each, which are stored with the event: far above any in use. */
    private static final int STORED_CHARACTERS = 1024;

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+");
    private static final Set<String> KNOWN =
            Set.of("specversion", "id", "source", "type", "datacontenttype", "dataschema", "subject", "time");

    private final int index;
    private final String fieldPrefix;
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private final List<EventProblem> problems = new ArrayList<>();

    /** @param fieldPrefix what an attribute's name has before it where the sender wrote it */
    CloudAttributes(int index, String fieldPrefix) {
        this.index = index;
        this.fieldPrefix = fieldPrefix;
    }

    /** Whether there is room for one more name that has not been there before; if not, why is noted. */
    boolean isNew(String name) {
        if (seen.size() == MOST) {
            noteMany();
            return false;
        }
        if (!seen.add(name)) {
            bad(name, "stands twice; send it once");
            return false;
        }
        return true;
    }

    private void noteMany() {
        EventProblem many =
                new EventProblem(index, null, "has more than " + MOST + " attributes; leave out what is not needed");
        if (!problems.contains(many)) {
            problems.add(many);
        }
    }

    void set(String name, String value) {
        if (isKnown(name)) {
            values.put(name, value);
        }
        if (!Query.isStorable(value)) {
            bad(name, Query.NOT_STORABLE);
        } else if (!CloudEvents.isText(value)) {
            bad(name, "has a control character or one that is none; send it without");
        } else if (!isKnown(name) && !NAME.matcher(name).matches()) {
            bad(name, "is no name of an attribute; those are of lower-case letters and digits");
        }
    }

    static boolean isKnown(String name) {
        return KNOWN.contains(name);
    }

    /** Notes what is wrong with an attribute; of one that has a problem already, the first is enough. */
    void bad(String name, String problem) {
        String field = fieldPrefix + Query.shown(name);
        boolean noted = problems.stream().anyMatch(each -> field.equals(each.field()));
        if (!noted && problems.size() <= MOST) {
            problems.add(new EventProblem(index, field, problem));
        }
    }

    /** The stream of the event if its type has been read and is one of ours. */
    @Nullable
    EventKind kind() {
        return CloudEvents.kindOf(values.getOrDefault("type", ""));
    }

    /** To be asked once all is read and found good. */
    Sender sender() {
        return new Sender(values.getOrDefault("source", ""), values.getOrDefault("id", ""));
    }

    /** What becomes of the event that this CloudEvent carries; its problems come after those of the attributes. */
    Decoded judge(Decoded carried) {
        check();
        return switch (carried) {
            case Decoded.TooLarge tooLarge -> tooLarge;
            case Decoded.Event event -> problems.isEmpty() ? event : new Decoded.Malformed(problems);
            case Decoded.Malformed malformed -> {
                List<EventProblem> all = new ArrayList<>(problems);
                all.addAll(malformed.problems());
                yield new Decoded.Malformed(all);
            }
        };
    }

    /** The same where it carries none. */
    Decoded judge() {
        check();
        return new Decoded.Malformed(problems);
    }

    private void check() {
        String version = required("specversion");
        if (!version.isEmpty() && !version.equals(CloudEvents.VERSION)) {
            bad("specversion", "is \"" + Query.shown(version) + "\"; send \"" + CloudEvents.VERSION + "\"");
        }
        shortEnough("id", required("id"));
        String source = required("source");
        shortEnough("source", source);
        uri("source", source);
        required("type");
        optional();
    }

    private void optional() {
        values.forEach((name, value) -> {
            if (value.isEmpty()) {
                bad(name, "is empty; send a value or leave it out");
            }
        });
        uri("dataschema", values.getOrDefault("dataschema", ""));
        String content = values.getOrDefault("datacontenttype", "application/json");
        if (!CloudEvents.isJson(content)) {
            bad("datacontenttype", "is \"" + Query.shown(content) + "\"; only JSON is taken");
        }
        if (!CloudTime.isTime(values.getOrDefault("time", "1970-01-01T00:00:00Z"))) {
            bad("time", "is no time; send one such as 2026-01-31T23:59:59Z");
        }
    }

    private String required(String name) {
        String value = values.get(name);
        if (value == null) {
            bad(name, "is missing or null");
        }
        return value == null ? "" : value;
    }

    private void shortEnough(String name, String value) {
        if (value.length() > STORED_CHARACTERS) {
            bad(name, "is longer than " + STORED_CHARACTERS + " characters; send a shorter one");
        }
    }

    private void uri(String name, String value) {
        try {
            new URI(value);
        } catch (URISyntaxException _) {
            bad(name, "is no URI reference; percent-encode what may not stand in one");
        }
    }
}
