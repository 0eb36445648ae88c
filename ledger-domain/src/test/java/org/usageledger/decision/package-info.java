@NullMarked
package org.usageledger.decision;

import org.jspecify.annotations.NullMarked;
