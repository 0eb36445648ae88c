/**
 * Projections as Axon's pooled streaming processors, fed with windows of positions instead of single events. What a version of Axon does
 * that would hurt is named where it is guarded against. Nobody but the composition root names this package.
 */
@NullMarked
package org.usageledger.projection.axon;

import org.jspecify.annotations.NullMarked;
