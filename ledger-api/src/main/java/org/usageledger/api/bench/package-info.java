/** Measures the ledger against a limit or a peer in the same run: a figure without something to hold it against says little. */
@NullMarked
package org.usageledger.api.bench;

import org.jspecify.annotations.NullMarked;
