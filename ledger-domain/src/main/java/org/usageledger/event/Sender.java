package org.usageledger.event;

/**
 * By what an event is known to whoever sent it as a CloudEvent: told back to readers, and no part of the event's identity.
 *
 * @param source a URI reference
 * @param id unique to the event within its source, as its sender says
 */
public record Sender(String source, String id) {
    public Sender {
        if (source.isEmpty() || id.isEmpty()) {
            throw new IllegalArgumentException("a CloudEvent has a source and an id, none of them empty");
        }
    }
}
