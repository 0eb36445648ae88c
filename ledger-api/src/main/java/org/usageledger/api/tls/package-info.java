/** Certificates and keys from PEM files: what this process shows, and whom it trusts. */
@NullMarked
package org.usageledger.api.tls;

import org.jspecify.annotations.NullMarked;
