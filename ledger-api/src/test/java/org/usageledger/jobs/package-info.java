/** Every job there is, ended by force at each point of each step: where all of them can be seen. */
@NullMarked
package org.usageledger.jobs;

import org.jspecify.annotations.NullMarked;
