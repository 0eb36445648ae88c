/** How the service does, for whoever keeps it running: health, metrics and traces. What is observed knows nothing of it. */
@NullMarked
package org.usageledger.api.observe;

import org.jspecify.annotations.NullMarked;
