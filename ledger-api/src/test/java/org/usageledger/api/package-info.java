@NullMarked
package org.usageledger.api;

import org.jspecify.annotations.NullMarked;
