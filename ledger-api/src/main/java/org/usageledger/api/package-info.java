/** The composition root: settings, wiring in flow order, start and stop. */
@NullMarked
package org.usageledger.api;

import org.jspecify.annotations.NullMarked;
