package org.usageledger.projection;

import java.util.Optional;

/**
 * Where a projection stands.
 *
 * @param position everything up to here is in its rows
 * @param liveSlot the slot that readers see
 * @param owner the node that projects; empty if none does
 */
public record Standing(String projection, int shape, long position, int liveSlot, Optional<String> owner) {}
