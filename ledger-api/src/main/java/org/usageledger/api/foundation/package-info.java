/**
 * A made-up Cloud Foundry foundation that lives for some days: apps are pushed, scaled, restarted, deployed beside themselves and
 * deleted, run tasks and use services, and what Cloud Controller would write of it comes out in the order of time. Pure: the same
 * blueprint is the same story, to the last guid.
 */
@NullMarked
package org.usageledger.api.foundation;

import org.jspecify.annotations.NullMarked;
