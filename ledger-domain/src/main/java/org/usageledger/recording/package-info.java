/** From decoded events to the log and back: which events carry the rule of task stops, and what callers and operators are told. */
@NullMarked
package org.usageledger.recording;

import org.jspecify.annotations.NullMarked;
