/** Events in, events out, and the task stops that were suppressed. */
@NullMarked
package org.usageledger.api.events;

import org.jspecify.annotations.NullMarked;
