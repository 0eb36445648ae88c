package org.usageledger.log;

/** Why a task stop was not recorded. */
public enum SuppressionReason {
    /** A beginning of that task is on record, and so is its ending. */
    ALREADY_ENDED("already_ended"),
    /** No beginning of that task is on record. */
    NO_START_ON_RECORD("no_start_on_record");

    private final String label;

    SuppressionReason(String label) {
        this.label = label;
    }

    /** The name that readers see, also the stored form. */
    public String label() {
        return label;
    }

    /** The reason of a stored name. */
    public static SuppressionReason ofLabel(String label) {
        for (SuppressionReason reason : values()) {
            if (reason.label.equals(label)) {
                return reason;
            }
        }
        throw new IllegalArgumentException("no suppression reason is called " + label);
    }
}
