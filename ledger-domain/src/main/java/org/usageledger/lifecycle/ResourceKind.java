package org.usageledger.lifecycle;

/** What runs and is paid for. */
public enum ResourceKind {
    PROCESS("process", 1),
    TASK("task", 2),
    SERVICE_INSTANCE("service_instance", 3),
    STAGING("staging", 4);

    private final String label;
    private final int code;

    ResourceKind(String label, int code) {
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
    public static ResourceKind ofCode(int code) {
        for (ResourceKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no resource kind has the stored code " + code);
    }
}
