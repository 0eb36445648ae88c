/**
 * Work in the background that looks at what is, compares it with what should be, and acts on the difference. A task takes no input: a hint
 * would be a second way through it, taken after no restart and on no other node. It runs at start, once a period, and whenever somebody
 * thinks that it should; what wakes it says nothing but that. How each task of each node is doing is kept in the database, so that the
 * last report of a node that died can be read.
 */
@NullMarked
package org.usageledger.tasks;

import org.jspecify.annotations.NullMarked;
