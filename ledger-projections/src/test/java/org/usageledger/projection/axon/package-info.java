@NullMarked
package org.usageledger.projection.axon;

import org.jspecify.annotations.NullMarked;
