package org.usageledger.log;

import org.usageledger.event.ContentHash;
import org.usageledger.event.EventIdentity;

/** One event as a check sees it: identity and content recomputed from its body where there is one, else as remembered. */
record CheckedRow(long position, EventIdentity identity, ContentHash content) {}
