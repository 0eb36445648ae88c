/** Tests of the made-up foundation. */
@NullMarked
package org.usageledger.api.foundation;

import org.jspecify.annotations.NullMarked;
