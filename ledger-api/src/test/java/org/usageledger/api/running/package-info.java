@NullMarked
package org.usageledger.api.running;

import org.jspecify.annotations.NullMarked;
