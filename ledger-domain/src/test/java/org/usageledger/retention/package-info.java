@NullMarked
package org.usageledger.retention;

import org.jspecify.annotations.NullMarked;
