package org.usageledger.reaction;

import java.util.Optional;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Resource;

/** What an event is about, as the log's columns have it: known also where the event itself cannot be read. */
public record Subject(EventKind kind, String state, Optional<Resource> resource) {}
