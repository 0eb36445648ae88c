package org.usageledger.event;

/** Who wrote an event. */
public enum Origin {
    PLATFORM("platform", 0),
    BASELINE("baseline", 1),
    REPAIR("repair", 2),
    RESEED("reseed", 3);

    private final String label;
    private final int code;

    Origin(String label, int code) {
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

    /** The origin of a stored number. */
    public static Origin ofCode(int code) {
        for (Origin origin : values()) {
            if (origin.code == code) {
                return origin;
            }
        }
        throw new IllegalArgumentException("no origin has the stored code " + code);
    }
}
