package org.usageledger.api.events;

import org.usageledger.api.http.StreamObserver;
import org.usageledger.log.Tail;

/**
 * What all who follow share.
 *
 * @param observer told where one cannot go on
 */
record FollowedLog(
        Tail tail, CatchUp catchUp, CallersStreams callers, FollowedEvents.Pace pace, StreamObserver observer) {}
