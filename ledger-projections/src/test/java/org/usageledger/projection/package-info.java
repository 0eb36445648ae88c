@NullMarked
package org.usageledger.projection;

import org.jspecify.annotations.NullMarked;
