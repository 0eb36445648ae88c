/** What runs now, as readers ask for it. */
@NullMarked
package org.usageledger.api.running;

import org.jspecify.annotations.NullMarked;
