package org.usageledger.api;

/** What is running, as the build named it. */
public record Version(String value) {

    /** The version in the jar's manifest; {@code unpackaged} when run from class files. */
    public static Version current() {
        String built = Version.class.getPackage().getImplementationVersion();
        return new Version(built == null ? "unpackaged" : built);
    }
}
