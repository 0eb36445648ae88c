/** What every face shares: problems, parameters, request bodies under limits, JSON and byte streams as answers. */
@NullMarked
package org.usageledger.api.http;

import org.jspecify.annotations.NullMarked;
