/**
 * The log as Axon's event storage, held against the contract that Axon's own engines pass: {@code StorageEngineTestSuite} of its release 5.0.1, told anew
 * with the ledger's events and criteria. What of that suite is left out or told otherwise:
 *
 * <table>
 *   <caption>Differences</caption>
 *   <tr><th>of the suite</th><th>here</th><th>because</th></tr>
 *   <tr><td>any payload, type and metadata come back as they were appended</td><td>the usage event, its name and its guid do</td>
 *       <td>the ledger records usage events, not messages; origin and position are the metadata it gives</td></tr>
 *   <tr><td>the message's timestamp comes back</td><td>the recording time does</td><td>the database stamps what it records; the platform's time is in the payload</td></tr>
 *   <tr><td>{@code tokenAt} by the timestamps that events were appended with</td><td>by the recording time of an event on record</td>
 *       <td>as above; times of the platform neither go up with the positions nor have an index</td></tr>
 *   <tr><td>any tag can be sourced and conditioned on</td><td>one resource can; all else is refused</td>
 *       <td>nothing else has an index, and nothing else is judged</td></tr>
 *   <tr><td>the same by a reactive stream</td><td>left out</td><td>the ledger names no reactive types; the message stream underneath is what is tested</td></tr>
 *   <tr><td>{@code AggregateBasedStorageEngineTestSuite}</td><td>left out</td><td>it is for engines with one aggregate sequence a tag; the ledger has one order of all events</td></tr>
 * </table>
 */
@NullMarked
package org.usageledger.log.axon;

import org.jspecify.annotations.NullMarked;
