/** Who may: bearer tokens and the keys that sign them, one table from routes to permissions, the audit log, a rate for each caller. */
@NullMarked
package org.usageledger.api.access;

import org.jspecify.annotations.NullMarked;
