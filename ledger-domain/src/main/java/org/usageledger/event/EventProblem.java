package org.usageledger.event;

import org.jspecify.annotations.Nullable;

/**
 * Why an event cannot be taken.
 *
 * @param index place in the request, from 0
 * @param field such as {@code state.current}; null where the event as a whole is meant
 * @param problem what is wrong, to be read after the field's name
 */
public record EventProblem(int index, @Nullable String field, String problem) {}
