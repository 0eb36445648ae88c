package org.usageledger.log;

import org.usageledger.lifecycle.Resource;

/**
 * "No event of this resource after the position I decided on." Judged under the counter's lock, so it holds at the moment of
 * recording. A failed condition skips this resource's events of the request and is reported; the rest of the request goes on.
 *
 * @param after what the decision has seen. What it has seen beyond the fork of its history is lost: the condition fails
 */
public record Condition(Resource resource, Cursor after) {}
