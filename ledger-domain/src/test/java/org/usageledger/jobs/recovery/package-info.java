@NullMarked
package org.usageledger.jobs.recovery;

import org.jspecify.annotations.NullMarked;
