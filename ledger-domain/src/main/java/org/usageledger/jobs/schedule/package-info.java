/**
 * Jobs that start by themselves: cron expressions on the clocks of a named time zone, one execution a due time however many nodes there are,
 * and one for all that were missed.
 */
@NullMarked
package org.usageledger.jobs.schedule;

import org.jspecify.annotations.NullMarked;
