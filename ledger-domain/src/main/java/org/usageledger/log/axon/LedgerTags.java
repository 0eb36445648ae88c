package org.usageledger.log.axon;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.axonframework.eventsourcing.eventstore.TagResolver;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventstreaming.Tag;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.NewEvent;

/** The tags of the ledger's events: {@code resource} (kind and key), {@code organization} and {@code space} (guids). */
public final class LedgerTags implements TagResolver {
    /** What an event is about: {@code process:GUID}, {@code task:GUID}, {@code service_instance:GUID} or {@code staging:GUID}. */
    public static final String RESOURCE = "resource";

    /** The guid of the organization. */
    public static final String ORGANIZATION = "organization";

    /** The guid of the space. */
    public static final String SPACE = "space";

    private static final char SEPARATOR = ':';

    /** The tag that all events of a resource have. */
    public static Tag of(Resource resource) {
        return new Tag(RESOURCE, resource.kind().label() + SEPARATOR + resource.key());
    }

    /** The resource of such a tag; empty if it is none. */
    static Optional<Resource> resource(Tag tag) {
        int separator = tag.value().indexOf(SEPARATOR);
        if (!tag.key().equals(RESOURCE) || separator < 0) {
            return Optional.empty();
        }
        String key = tag.value().substring(separator + 1);
        for (ResourceKind kind : ResourceKind.values()) {
            if (!key.isEmpty() && kind.label().equals(tag.value().substring(0, separator))) {
                return Optional.of(new Resource(kind, key));
            }
        }
        return Optional.empty();
    }

    /** The tags of an event. */
    static Set<Tag> of(UsageEvent event) {
        return tags(event.resource(), event.organization().guid(), event.space().guid());
    }

    private static Set<Tag> tags(Optional<Resource> resource, @Nullable String organization, @Nullable String space) {
        Set<Tag> tags = new LinkedHashSet<>();
        resource.map(LedgerTags::of).ifPresent(tags::add);
        if (organization != null) {
            tags.add(new Tag(ORGANIZATION, organization));
        }
        if (space != null) {
            tags.add(new Tag(SPACE, space));
        }
        return tags;
    }

    /** The tags of a message about one of the ledger's events; none of any other. */
    @Override
    public Set<Tag> resolve(EventMessage message) {
        return switch (message.payload()) {
            case UsageEvent event -> of(event);
            case NewEvent event ->
                tags(event.resource(), event.row().organization(), event.row().space());
            case null, default -> Set.of();
        };
    }
}
