@NullMarked
package org.usageledger.api.jobs;

import org.jspecify.annotations.NullMarked;
