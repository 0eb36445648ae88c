/**
 * Reactions: something is done about single events, few of them. What cannot be done is parked as a dead letter, with what follows it in its sequence, and does not
 * hold up the rest.
 */
@NullMarked
package org.usageledger.reaction;

import org.jspecify.annotations.NullMarked;
