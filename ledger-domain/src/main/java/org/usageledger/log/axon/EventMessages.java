package org.usageledger.log.axon;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.usageledger.event.Origin;
import org.usageledger.event.StoredForm;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.log.LoggedEvent;
import org.usageledger.log.NewEvent;

/**
 * The ledger's events as Axon's messages. A message is named after its event's kind and state, its identifier is the event's guid, and its timestamp is
 * the database's recording time; the platform's own clock is in the payload.
 *
 * <p>Position and origin travel in the metadata: what is put into an entry's context is lost on the way to a handler.
 *
 * <p>Reading from the log keeps buffers: one for each stream, used by one thread at a time.
 */
public final class EventMessages {
    private static final String POSITION = "position";
    private static final String ORIGIN = "origin";
    private static final String NAMES = "org.usageledger.";
    private static final String VERSION = String.valueOf(StoredForm.FORMAT);

    private final StoredForm stored = new StoredForm();

    /** The name of messages about events of this kind and state. Handlers are found by it alone. */
    public static QualifiedName name(EventKind kind, String state) {
        return new QualifiedName(namespace(kind) + state);
    }

    private static String namespace(EventKind kind) {
        return NAMES + kind.label() + '.';
    }

    /** The state that a name stands for; empty if it is no name of this kind's events. */
    static Optional<String> state(EventKind kind, QualifiedName name) {
        String namespace = namespace(kind);
        // Not by the last dot: a state may hold one.
        return name.name().startsWith(namespace)
                ? Optional.of(name.name().substring(namespace.length())).filter(state -> !state.isEmpty())
                : Optional.empty();
    }

    /** A message that has the event recorded; its payload is the event itself. */
    public static EventMessage of(NewEvent event) {
        return new GenericEventMessage(
                event.row().guid(),
                new MessageType(name(event.row().kind(), event.row().state()), VERSION),
                event,
                Map.of(),
                event.occurredAt());
    }

    /** A message about an event of the log; its payload is a {@link UsageEvent}. */
    EventMessage of(LoggedEvent logged) {
        UsageEvent event = stored.decode(logged.kind(), StoredForm.FORMAT, logged.body());
        return new GenericEventMessage(
                event.guid(),
                new MessageType(name(event.kind(), event.state()), VERSION),
                event,
                Map.of(
                        POSITION,
                        String.valueOf(logged.position()),
                        ORIGIN,
                        logged.origin().label()),
                logged.recordedAt());
    }

    /** Where in the log this event is; empty if it is not in it. */
    public static OptionalLong position(EventMessage message) {
        String position = message.metadata().get(POSITION);
        return position == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(position));
    }

    /** Who wrote the event of a message from the log. */
    public static Origin origin(EventMessage message) {
        String label = message.metadata().get(ORIGIN);
        for (Origin origin : Origin.values()) {
            if (origin.label().equals(label)) {
                return origin;
            }
        }
        throw new IllegalArgumentException("not a message from the log: its origin is " + label);
    }

    /** The event to append. A bare usage event is the platform's. */
    static NewEvent toAppend(EventMessage message) {
        return switch (message.payload()) {
            case NewEvent event -> event;
            case UsageEvent event -> NewEvent.ofPlatform(event);
            case null, default ->
                throw new IllegalArgumentException("the ledger records usage events only, not " + message.type());
        };
    }
}
