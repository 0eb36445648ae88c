@NullMarked
package org.usageledger.api.events;

import org.jspecify.annotations.NullMarked;
