/** Real PostgreSQL servers and databases for tests, and how tests wait. */
@NullMarked
package org.usageledger.postgres.testing;

import org.jspecify.annotations.NullMarked;
