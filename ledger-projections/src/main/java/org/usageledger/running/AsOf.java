package org.usageledger.running;

import java.time.Instant;
import org.usageledger.log.Cursor;

/**
 * Of which moment an answer is.
 *
 * @param cursor everything up to here is in the answer; go on reading events after it
 * @param time the database's clock at the snapshot
 */
public record AsOf(Cursor cursor, Instant time) {}
