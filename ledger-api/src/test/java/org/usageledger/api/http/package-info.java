/** What every face shares, part by part. */
@NullMarked
package org.usageledger.api.http;

import org.jspecify.annotations.NullMarked;
