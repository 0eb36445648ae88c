package org.usageledger.log;

/**
 * Somebody still needs the log after a position: retention never passes it.
 *
 * @param name such as {@code projection:running}
 */
public record Hold(String name, long position) {}
