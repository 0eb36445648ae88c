@NullMarked
package org.usageledger.tasks;

import org.jspecify.annotations.NullMarked;
