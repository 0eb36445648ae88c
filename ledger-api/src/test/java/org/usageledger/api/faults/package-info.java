/** Whole services as processes, killed under load: what was acknowledged is there, once. */
@NullMarked
package org.usageledger.api.faults;

import org.jspecify.annotations.NullMarked;
