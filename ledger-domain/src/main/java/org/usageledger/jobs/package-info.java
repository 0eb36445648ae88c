/**
 * Background work: executions of jobs, claimed by one node at a time under a lease on the database's clock, and fenced in every
 * transaction that has an effect.
 */
@NullMarked
package org.usageledger.jobs;

import org.jspecify.annotations.NullMarked;
