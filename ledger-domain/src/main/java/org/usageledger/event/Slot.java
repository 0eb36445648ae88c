package org.usageledger.event;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.EventKind;

/** The fields of the platform's resource that the ledger reads. Everything else is kept and served, but not looked at. */
enum Slot {
    KIND("kind", Shape.TEXT),
    GUID("guid", Shape.TEXT),
    CREATED_AT("created_at", Shape.TEXT),
    STATE("state", Shape.STATE),
    SPACE("space", Shape.REF),
    ORGANIZATION("organization", Shape.REF),
    APP("app", Shape.REF, EventKind.APP),
    PROCESS("process", Shape.TYPED_REF, EventKind.APP),
    BUILDPACK("buildpack", Shape.REF, EventKind.APP),
    TASK("task", Shape.REF, EventKind.APP),
    MEMORY("memory_in_mb_per_instance", Shape.CHANGE, EventKind.APP),
    INSTANCES("instance_count", Shape.CHANGE, EventKind.APP),
    SERVICE_INSTANCE("service_instance", Shape.NAMED_TYPED_REF, EventKind.SERVICE),
    SERVICE_PLAN("service_plan", Shape.REF, EventKind.SERVICE),
    SERVICE_OFFERING("service_offering", Shape.REF, EventKind.SERVICE),
    SERVICE_BROKER("service_broker", Shape.REF, EventKind.SERVICE);

    /** How a field is written. */
    enum Shape {
        TEXT,
        /** An object of now and before for app events, a plain string for service events. */
        STATE,
        /** {@code {guid, name}}. */
        REF("guid", "name", null),
        /** {@code {guid, type}}. */
        TYPED_REF("guid", "type", null),
        /** {@code {guid, name, type}}. */
        NAMED_TYPED_REF("guid", "name", "type"),
        /** {@code {current, previous}}, numbers. */
        CHANGE("current", "previous", null);

        private final @Nullable String first;
        private final @Nullable String second;
        private final @Nullable String third;

        Shape() {
            this("current", "previous", null);
        }

        Shape(@Nullable String first, @Nullable String second, @Nullable String third) {
            this.first = first;
            this.second = second;
            this.third = third;
        }

        /** Which part of the object this name is, from 0; -1 if none that is read. */
        int partOf(String name) {
            if (name.equals(first)) {
                return 0;
            }
            if (name.equals(second)) {
                return 1;
            }
            return name.equals(third) ? 2 : -1;
        }
    }

    /** Parts of the widest shape. */
    private static final int PARTS = 3;

    /** Cells that a draft needs for the parts of all fields. */
    static final int CELLS = values().length * PARTS;

    private static final Map<String, Slot> BY_NAME = byName();

    final String field;
    final Shape shape;
    private final @Nullable EventKind onlyOf;

    Slot(String field, Shape shape) {
        this(field, shape, null);
    }

    Slot(String field, Shape shape, @Nullable EventKind onlyOf) {
        this.field = field;
        this.shape = shape;
        this.onlyOf = onlyOf;
    }

    /** Where a draft keeps this part; valid in this process only, so the order of fields may change freely. */
    @SuppressWarnings("EnumOrdinal")
    int cell(int part) {
        return ordinal() * PARTS + part;
    }

    static @Nullable Slot named(String field) {
        return BY_NAME.get(field);
    }

    /** Whether events of this kind have the field; unknown kind: any may. */
    boolean matters(@Nullable EventKind kind) {
        return kind == null || onlyOf == null || onlyOf == kind;
    }

    private static Map<String, Slot> byName() {
        Map<String, Slot> slots = new HashMap<>();
        for (Slot slot : values()) {
            slots.put(slot.field, slot);
        }
        return Map.copyOf(slots);
    }
}
