/** The launcher script, run against JDKs and a build that only pretend. */
@NullMarked
package org.usageledger.api.launcher;

import org.jspecify.annotations.NullMarked;
