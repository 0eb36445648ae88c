package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.usageledger.api.cli.Listing.Field;

/** The columns of an event, as the log serves it. */
final class EventFields {
    private static final List<String> RESOURCES = List.of("task", "process", "service_instance", "app");

    static final List<Field> ALL = List.of(
            Field.number("position", "POSITION", "position"),
            Field.text("kind", "KIND", "kind"),
            Field.csvOnly("origin", "origin"),
            Field.csvOnly("recorded_at", "recorded_at"),
            Field.csvOnly("guid", "event", "guid"),
            Field.text("created_at", "OCCURRED", "event", "created_at"),
            Field.text("state", "STATE", EventFields::state),
            Field.csvOnly("previous_state", "event", "state", "previous"),
            Field.text("resource_guid", "RESOURCE", EventFields::resource),
            Field.text("name", "NAME", EventFields::name),
            Field.csvOnly("app_guid", "event", "app", "guid"),
            Field.csvOnly("app_name", "event", "app", "name"),
            Field.csvOnly("process_type", "event", "process", "type"),
            Field.csvOnly("service_instance_type", "event", "service_instance", "type"),
            Field.csvOnly("service_plan_guid", "event", "service_plan", "guid"),
            Field.csvOnly("service_plan_name", "event", "service_plan", "name"),
            Field.csvOnly("service_offering_guid", "event", "service_offering", "guid"),
            Field.csvOnly("service_offering_name", "event", "service_offering", "name"),
            Field.csvOnly("space_guid", "event", "space", "guid"),
            Field.text("space_name", "SPACE", "event", "space", "name"),
            Field.csvOnly("organization_guid", "event", "organization", "guid"),
            Field.number("instances", "INSTANCES", "event", "instance_count", "current"),
            Field.number("memory_mb", "MB", "event", "memory_in_mb_per_instance", "current"));

    private EventFields() {}

    /** An app event's state has a current and a previous one, a service event's is one word. */
    private static String state(JsonNode node) {
        JsonNode state = node.path("event").path("state");
        return state.isObject() ? JsonText.text(state, "current") : JsonText.text(node, "event", "state");
    }

    private static String resource(JsonNode node) {
        return firstOf(node, "guid");
    }

    private static String name(JsonNode node) {
        return firstOf(node, "name");
    }

    private static String firstOf(JsonNode node, String field) {
        return RESOURCES.stream()
                .map(resource -> JsonText.text(node, "event", resource, field))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }
}
