/** What tests of every module share. */
@NullMarked
package org.usageledger.testing;

import org.jspecify.annotations.NullMarked;
