/** The usage event: its fields, its identity and content, and the form in which it is stored. */
@NullMarked
package org.usageledger.event;

import org.jspecify.annotations.NullMarked;
