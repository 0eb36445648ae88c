@NullMarked
package org.usageledger.api.tls;

import org.jspecify.annotations.NullMarked;
