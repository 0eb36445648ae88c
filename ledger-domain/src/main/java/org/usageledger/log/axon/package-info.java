/**
 * The log as Axon's event storage: events of the ledger only, found by one resource and its states, appended by the ledger's own appender. What a
 * version of Axon does that would hurt is named where it is guarded against. Named by adapters and the composition root alone.
 */
@NullMarked
package org.usageledger.log.axon;

import org.jspecify.annotations.NullMarked;
