/**
 * The log: one order of all events, appended in groups and read by position. The only SQL on the log's tables.
 *
 * <p>Positions are given under the lock of one counter row, held to commit: they are dense and in commit order, so that a reader
 * that goes forward by position can miss nothing.
 */
@NullMarked
package org.usageledger.log;

import org.jspecify.annotations.NullMarked;
