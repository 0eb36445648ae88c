/** What runs now: its rows, the fold that keeps them, and the questions they answer. */
@NullMarked
package org.usageledger.running;

import org.jspecify.annotations.NullMarked;
