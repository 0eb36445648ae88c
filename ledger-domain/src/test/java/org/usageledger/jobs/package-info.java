@NullMarked
package org.usageledger.jobs;

import org.jspecify.annotations.NullMarked;
