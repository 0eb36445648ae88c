@NullMarked
package org.usageledger.decision.axon;

import org.jspecify.annotations.NullMarked;
