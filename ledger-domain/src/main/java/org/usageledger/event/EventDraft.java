package org.usageledger.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Lifecycle;

/** What was read of an event so far. Its kind may come last, so what the fields mean is decided at the end. */
final class EventDraft {
    /** Guids are keys of tables and of indexes: the platform's have 36 characters. */
    private static final int GUID_CHARACTERS = 255;

    private static final int STATE_CHARACTERS = 64;

    /** More about one event helps nobody. */
    private static final int LISTED_PROBLEMS = 50;

    private static final List<Slot> REFS = List.of(
            Slot.SPACE,
            Slot.ORGANIZATION,
            Slot.APP,
            Slot.PROCESS,
            Slot.BUILDPACK,
            Slot.TASK,
            Slot.SERVICE_INSTANCE,
            Slot.SERVICE_PLAN,
            Slot.SERVICE_OFFERING,
            Slot.SERVICE_BROKER);

    private final @Nullable String[] texts = new @Nullable String[Slot.CELLS];
    private final @Nullable Integer[] numbers = new @Nullable Integer[Slot.CELLS];
    private final List<Found> problems = new ArrayList<>();
    private int index;
    private boolean stateIsObject;

    private record Found(@Nullable Slot slot, EventProblem problem) {}

    void clear(int place) {
        Arrays.fill(texts, null);
        Arrays.fill(numbers, null);
        problems.clear();
        stateIsObject = false;
        index = place;
    }

    void text(Slot slot, int part, String text) {
        texts[slot.cell(part)] = text;
    }

    void number(Slot slot, int part, int number) {
        numbers[slot.cell(part)] = number;
    }

    void sawObject(Slot slot) {
        stateIsObject |= slot == Slot.STATE;
    }

    /** @param slot whose field this is about; null if it matters whatever the event's kind */
    void problem(@Nullable Slot slot, String field, String text) {
        if (problems.size() < LISTED_PROBLEMS) {
            problems.add(new Found(slot, new EventProblem(index, field, text)));
        }
    }

    Decoded finish(@Nullable EventKind known, BodyText body) {
        EventKind kind = kind(known);
        Instant occurredAt = occurredAt();
        checkTexts(kind);
        List<EventProblem> relevant = relevant(kind);
        if (!relevant.isEmpty() || kind == null || occurredAt == null) {
            return new Decoded.Malformed(relevant);
        }
        UsageEvent event = build(kind, occurredAt, Body.owning(body.toBytes()));
        return keyProblem(event)
                .<Decoded>map(problem -> new Decoded.Malformed(List.of(problem)))
                .orElseGet(() -> new Decoded.Event(event));
    }

    private @Nullable EventKind kind(@Nullable EventKind known) {
        String sent = text(Slot.KIND, 0);
        EventKind kind = known;
        for (EventKind each : EventKind.values()) {
            if (known == null && each.label().equals(sent)) {
                kind = each;
            }
        }
        if (kind == null && !hasProblem(Slot.KIND)) {
            problem(
                    Slot.KIND,
                    "kind",
                    sent == null ? "is missing; send \"app\" or \"service\"" : "is neither \"app\" nor \"service\"");
        } else if (known != null && sent != null && !known.label().equals(sent)) {
            problem(Slot.KIND, "kind", "is not \"" + known.label() + "\", which this event was sent as");
        }
        return kind;
    }

    private @Nullable Instant occurredAt() {
        String sent = text(Slot.CREATED_AT, 0);
        if (sent == null) {
            missing(Slot.CREATED_AT, "created_at");
            return null;
        }
        Optional<Instant> time = Rfc3339.parse(sent);
        if (time.isEmpty()) {
            problem(Slot.CREATED_AT, "created_at", "is no time such as 2026-01-31T23:59:59Z of the years 1970 to 9999");
        }
        return time.orElse(null);
    }

    private void checkTexts(@Nullable EventKind kind) {
        required(Slot.GUID, "guid", GUID_CHARACTERS);
        String stateField = stateIsObject ? "state.current" : "state";
        required(Slot.STATE, stateField, STATE_CHARACTERS);
        atMost(Slot.STATE, 1, "state.previous", STATE_CHARACTERS);
        if (kind == EventKind.APP && !stateIsObject && text(Slot.STATE, 0) != null) {
            problem(Slot.STATE, "state", "is a string; send {\"current\", \"previous\"} for an app event");
        }
        if (kind == EventKind.SERVICE && stateIsObject) {
            problem(Slot.STATE, "state", "is an object; send a string for a service event");
        }
        for (Slot ref : REFS) {
            atMost(ref, 0, ref.field + ".guid", GUID_CHARACTERS);
        }
    }

    private void required(Slot slot, String field, int characters) {
        String sent = text(slot, 0);
        if (sent == null) {
            missing(slot, field);
        } else if (sent.isEmpty()) {
            problem(slot, field, "is empty");
        }
        atMost(slot, 0, field, characters);
    }

    private void atMost(Slot slot, int part, String field, int characters) {
        String sent = text(slot, part);
        if (sent != null && sent.length() > characters) {
            problem(slot, field, "has " + sent.length() + " characters; at most " + characters + " are taken");
        }
    }

    private void missing(Slot slot, String field) {
        if (!hasProblem(slot)) {
            problem(slot, field, "is missing or null");
        }
    }

    private boolean hasProblem(Slot slot) {
        return problems.stream().anyMatch(found -> found.slot() == slot);
    }

    private List<EventProblem> relevant(@Nullable EventKind kind) {
        if (problems.isEmpty()) {
            return List.of();
        }
        return problems.stream()
                .filter(found -> found.slot() == null || found.slot().matters(kind))
                .map(Found::problem)
                .toList();
    }

    private UsageEvent build(EventKind kind, Instant occurredAt, Body body) {
        String guid = sure(Slot.GUID);
        String state = sure(Slot.STATE);
        return switch (kind) {
            case APP ->
                new AppUsageEvent(
                        guid,
                        occurredAt,
                        state,
                        text(Slot.STATE, 1),
                        ref(Slot.APP),
                        ref(Slot.PROCESS),
                        ref(Slot.SPACE),
                        ref(Slot.ORGANIZATION),
                        ref(Slot.BUILDPACK),
                        ref(Slot.TASK),
                        change(Slot.MEMORY),
                        change(Slot.INSTANCES),
                        body);
            case SERVICE ->
                new ServiceUsageEvent(
                        guid,
                        occurredAt,
                        state,
                        ref(Slot.SPACE),
                        ref(Slot.ORGANIZATION),
                        ref(Slot.SERVICE_INSTANCE),
                        text(Slot.SERVICE_INSTANCE, 2),
                        ref(Slot.SERVICE_PLAN),
                        ref(Slot.SERVICE_OFFERING),
                        ref(Slot.SERVICE_BROKER),
                        body);
        };
    }

    /** An event of a declared lifecycle without its resource's guid is about nothing. */
    private Optional<EventProblem> keyProblem(UsageEvent event) {
        return event.lifecycle()
                .filter(lifecycle -> event.resource().isEmpty())
                .map(lifecycle -> new EventProblem(
                        index, keyField(lifecycle), "is missing, null or empty; " + event.state() + " is about one"));
    }

    private static String keyField(Lifecycle lifecycle) {
        return switch (lifecycle) {
            case PROCESS -> "process.guid";
            case TASK -> "task.guid";
            case STAGING -> "app.guid";
            case SERVICE_INSTANCE -> "service_instance.guid";
        };
    }

    private Ref ref(Slot slot) {
        String guid = text(slot, 0);
        String label = text(slot, 1);
        return guid == null && label == null ? Ref.NONE : new Ref(guid, label);
    }

    private Change change(Slot slot) {
        Integer current = numbers[slot.cell(0)];
        Integer previous = numbers[slot.cell(1)];
        return current == null && previous == null ? Change.NONE : new Change(current, previous);
    }

    private @Nullable String text(Slot slot, int part) {
        return texts[slot.cell(part)];
    }

    private String sure(Slot slot) {
        String text = text(slot, 0);
        if (text == null) {
            throw new IllegalStateException(slot.field + " was checked to be there");
        }
        return text;
    }
}
