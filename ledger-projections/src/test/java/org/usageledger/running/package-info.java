@NullMarked
package org.usageledger.running;

import org.jspecify.annotations.NullMarked;
