/** Background work: what there is, starting it, and how it does. */
@NullMarked
package org.usageledger.api.jobs;

import org.jspecify.annotations.NullMarked;
