/** How the service does, as operators see it. */
@NullMarked
package org.usageledger.api.observe;

import org.jspecify.annotations.NullMarked;
