/** Rows and the position they stand at, moved in one transaction. */
@NullMarked
package org.usageledger.projection;

import org.jspecify.annotations.NullMarked;
