@NullMarked
package org.usageledger.api.access;

import org.jspecify.annotations.NullMarked;
