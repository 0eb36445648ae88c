@NullMarked
package org.usageledger.reaction;

import org.jspecify.annotations.NullMarked;
