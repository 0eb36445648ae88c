/** The house rules as tests over the sources: what a formatter and a compiler cannot see. */
@NullMarked
package org.usageledger.api.house;

import org.jspecify.annotations.NullMarked;
