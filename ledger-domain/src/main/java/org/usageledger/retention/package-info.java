/** Which events may be forgotten without changing any answer about what runs. Pure. */
@NullMarked
package org.usageledger.retention;

import org.jspecify.annotations.NullMarked;
