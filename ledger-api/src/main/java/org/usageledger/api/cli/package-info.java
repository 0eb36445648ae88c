/**
 * The command line. All commands but {@code serve} are clients: they speak HTTP to a running service and know neither its classes nor
 * its database, so that they start fast and work from another machine.
 */
@NullMarked
package org.usageledger.api.cli;

import org.jspecify.annotations.NullMarked;
