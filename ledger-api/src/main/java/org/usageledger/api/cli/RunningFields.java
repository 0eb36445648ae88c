package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.usageledger.api.cli.Listing.Field;

/** The columns of a running resource. */
final class RunningFields {
    static final List<Field> ALL = List.of(
            Field.text("kind", "KIND", "kind"),
            Field.text("guid", "GUID", "guid"),
            Field.text("name", "NAME", RunningFields::name),
            Field.csvOnly("app_guid", "app", "guid"),
            Field.csvOnly("app_name", "app", "name"),
            Field.csvOnly("service_plan_guid", "service_plan", "guid"),
            Field.csvOnly("service_plan_name", "service_plan", "name"),
            Field.csvOnly("space_guid", "space", "guid"),
            Field.text("space_name", "SPACE", "space", "name"),
            Field.text("organization_guid", "ORGANIZATION", "organization", "guid"),
            Field.number("instances", "INSTANCES", "instances"),
            Field.number("memory_mb", "MB", "memory_mb"),
            Field.csvOnly("since", "since"),
            Field.csvOnly("since_exact", "since_exact"),
            new Field("", "SINCE", false, RunningFields::since),
            Field.csvOnly("first_position", "first_position"),
            Field.number("latest_position", "LATEST", "latest_position"));

    static final List<Field> SUMMARY = List.of(
            Field.text("group", "GROUP", RunningFields::group),
            Field.number("resources", "RESOURCES", "resources"),
            Field.number("instances", "INSTANCES", "instances"),
            Field.number("memory_mb", "MB", "memory_mb"));

    private RunningFields() {}

    private static String name(JsonNode node) {
        return Stream.of("task", "service_instance", "app")
                .map(part -> JsonText.text(node, part, "name"))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** A start that is not exact is the latest that it can have been. */
    private static String since(JsonNode node) {
        boolean exact = node.path("since_exact").asBoolean(true);
        return (exact ? "" : "<=") + JsonText.text(node, "since");
    }

    private static String group(JsonNode node) {
        return Stream.of("group", "kind", "organization", "space")
                .map(part -> JsonText.text(node, part))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }
}
