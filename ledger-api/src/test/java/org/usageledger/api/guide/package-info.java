/** The guide in {@code docs/}, run as a reader runs it. */
@NullMarked
package org.usageledger.api.guide;

import org.jspecify.annotations.NullMarked;
