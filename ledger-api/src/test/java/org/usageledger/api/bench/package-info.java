@NullMarked
package org.usageledger.api.bench;

import org.jspecify.annotations.NullMarked;
