/** What runs: kinds of resource, the states that begin and end a run, and the one fold over them. Pure. */
@NullMarked
package org.usageledger.lifecycle;

import org.jspecify.annotations.NullMarked;
