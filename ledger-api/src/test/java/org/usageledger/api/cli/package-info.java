@NullMarked
package org.usageledger.api.cli;

import org.jspecify.annotations.NullMarked;
