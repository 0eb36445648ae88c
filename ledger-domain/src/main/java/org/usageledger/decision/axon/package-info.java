/**
 * Commands about runs as Axon carries them: the command bus, the run as an event-sourced entity loaded through the log's storage, and the append as part of its unit of
 * work. Named by the composition root alone.
 */
@NullMarked
package org.usageledger.decision.axon;

import org.jspecify.annotations.NullMarked;
