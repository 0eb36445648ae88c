@NullMarked
package org.usageledger.jobs.schedule;

import org.jspecify.annotations.NullMarked;
