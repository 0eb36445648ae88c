package org.usageledger.jobs.recovery;

/** Why an execution is to be claimed. */
public enum ClaimReason {
    /** It is pending and due. */
    START("start"),
    /** An older incarnation of this node had it. */
    RESTART("restart"),
    /** This node had inserted or claimed it without learning whether that was committed. */
    IN_DOUBT("in_doubt"),
    /** Its thread here has ended without being able to write why. */
    LEFT_BEHIND("left_behind"),
    /** It is this incarnation's and nothing here knows of it. */
    LOST_LOCALLY("lost_locally"),
    LEASE_EXPIRED("lease_expired"),
    EXPUNGED("expunged");

    private final String label;

    ClaimReason(String label) {
        this.label = label;
    }

    /** As reports show it. */
    public String label() {
        return label;
    }
}
