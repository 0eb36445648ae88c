/** How a PostgreSQL is found or started, checked for durability and migrated. */
@NullMarked
package org.usageledger.postgres;

import org.jspecify.annotations.NullMarked;
