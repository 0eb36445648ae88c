package org.usageledger.retention;

import org.usageledger.lifecycle.Effect;

/**
 * An event of one resource, as retention sees it.
 *
 * @param old whether it happened before the cut-off and has been on record for long enough
 */
public record Aged(long position, Effect effect, boolean old) {}
