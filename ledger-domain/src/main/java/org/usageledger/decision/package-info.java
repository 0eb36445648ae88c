/**
 * What the ledger decides about runs on its own account: starting one from a list, ending one that nobody lists, recording a task's stop. Pure rules over the one
 * fold; every decision is carried out under the condition that it still holds.
 */
@NullMarked
package org.usageledger.decision;

import org.jspecify.annotations.NullMarked;
