package org.usageledger.log.axon;

/** Keeps Axon from reporting to its maker which machine runs it. */
public final class UpdateChecks {
    private static final String DISABLED = "axoniq.update-checker.disabled";

    private UpdateChecks() {}

    /** Switches the reports off for this JVM. Before anything of Axon is configured. */
    public static void off() {
        System.setProperty(DISABLED, "true");
    }
}
