@NullMarked
package org.usageledger.log;

import org.jspecify.annotations.NullMarked;
