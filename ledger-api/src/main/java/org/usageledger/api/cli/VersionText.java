package org.usageledger.api.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. */
final class VersionText implements IVersionProvider {
    static String current() {
        String built = VersionText.class.getPackage().getImplementationVersion();
        return built == null ? "unpackaged" : built;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"Usage Ledger " + current(), "Java " + Runtime.version()};
    }
}
