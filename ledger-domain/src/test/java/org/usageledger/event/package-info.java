@NullMarked
package org.usageledger.event;

import org.jspecify.annotations.NullMarked;
