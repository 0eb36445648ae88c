package org.usageledger.lifecycle;

/** The two streams of a platform: app usage (processes, tasks, stagings) and service usage. */
public enum EventKind {
    APP("app", 1),
    SERVICE("service", 2);

    private final String label;
    private final int code;

    EventKind(String label, int code) {
        this.label = label;
        this.code = code;
    }

    /** The name that readers see. */
    public String label() {
        return label;
    }

    /** The number that is stored; never changes its meaning. */
    public int code() {
        return code;
    }

    /** The kind of a stored number. */
    public static EventKind ofCode(int code) {
        for (EventKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no event kind has the stored code " + code);
    }
}
