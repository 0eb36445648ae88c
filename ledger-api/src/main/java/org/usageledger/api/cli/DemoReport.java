package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.usageledger.api.foundation.Blueprint;
import org.usageledger.api.foundation.Story;

/**
 * The three answers at the end of a demonstration, and where to look next.
 *
 * @param service what commands need to be told to reach the same service; may be empty
 */
record DemoReport(Story story, AppendReport append, DemoReader.Seen seen, DemoRunning running, String service) {
    private static final int ORGANIZATIONS_SHOWN = 8;

    /** Whether everything is as the ledger promises. */
    boolean asPromised() {
        return append.counts().suppressed() == 0 && seen.everyEventOnce() && running.asTheEventsSay();
    }

    void print(PrintStream out) {
        out.println(appended());
        out.println();
        out.println("What runs now, by the ledger, as of " + running.asOf() + ":");
        groups(out, "KIND", running.kinds());
        out.println();
        List<DemoRunning.Group> largest =
                running.organizations().stream().limit(ORGANIZATIONS_SHOWN).toList();
        groups(out, "ORGANIZATION", largest);
        int more = running.organizations().size() - largest.size();
        out.print(more > 0 ? "and " + more + " more" + System.lineSeparator() : "");
        if (!running.asTheEventsSay()) {
            out.println("NOT AS THE EVENTS SAY: " + running.missing() + " missing, " + running.unexplained()
                    + " unexplained.");
        }
        out.println();
        out.println(reader());
        out.println();
        endings(out);
        out.println();
        out.println("Try next:");
        nextCommands().forEach(command -> out.println("  " + command));
    }

    ObjectNode json() {
        Blueprint blueprint = story.blueprint();
        ObjectNode node = JsonText.object();
        node.put("seed", blueprint.seed());
        node.put("apps", blueprint.apps());
        node.put("days", blueprint.days());
        node.put("from", blueprint.from().toString());
        node.put("until", blueprint.until().toString());
        node.set("append", append.json());
        ObjectNode runs = node.putObject("running").put("as_of", running.asOf());
        groups(runs.putArray("kinds"), "kind", running.kinds());
        groups(runs.putArray("organizations"), "organization", running.organizations());
        runs.put("missing", running.missing()).put("unexplained", running.unexplained());
        node.putObject("reader")
                .put("read", seen.events())
                .put("missed", seen.missed())
                .put("twice", seen.twice())
                .put("holes", seen.holes())
                .put("out_of_order", seen.outOfOrder())
                .put("next", seen.cursor());
        ObjectNode endings = node.putObject("endings_never_told")
                .put("count", running.untold().size());
        ArrayNode resources = endings.putArray("resources");
        running.untold()
                .forEach(each -> resources.add(JsonText.object()
                        .put("kind", JsonText.text(each, "kind"))
                        .put("guid", JsonText.text(each, "guid"))));
        ArrayNode commands = node.putArray("try_next");
        nextCommands().forEach(commands::add);
        return node.put("as_promised", asPromised());
    }

    private String appended() {
        AppendReport.Counts counts = append.counts();
        if (counts.recorded() == 0) {
            return "All " + number(counts.duplicates()) + " events of this foundation were on record already: each was"
                    + " recognised as a duplicate, nothing was recorded twice. Another --seed is another foundation.";
        }
        String again = counts.duplicates() == 0
                ? ""
                : "; " + number(counts.duplicates()) + " more were on record already and recognised as duplicates";
        return "Recorded " + number(counts.recorded()) + " events of "
                + story.blueprint().days() + " days in " + Math.round(append.seconds()) + " s" + again + ".";
    }

    private String reader() {
        if (!seen.everyEventOnce()) {
            return "A READER THAT FOLLOWED MISSED " + seen.missed() + " EVENTS, saw " + seen.twice()
                    + " twice, found " + seen.holes() + " positions passed over and " + seen.outOfOrder()
                    + " events out of order.";
        }
        if (seen.events() == 0) {
            return "A reader that followed all the while was given nothing of it: there was nothing new. It would go on from "
                    + seen.cursor() + ".";
        }
        return "A reader that followed all the while was given " + number(seen.events()) + " events, each once, in one"
                + " order, without a hole. What it missed: none." + System.lineSeparator()
                + "It would go on from " + seen.cursor() + ".";
    }

    private void endings(PrintStream out) {
        int count = running.untold().size();
        if (count == 0) {
            out.println(
                    "Everything that runs by the ledger runs on the foundation: no ending was lost in its outages.");
            return;
        }
        out.println(number(count)
                + " of these have ended, but the foundation was down and never said so. To the ledger they"
                + " run until a repair, given the platform's own list of what runs, ends them. Among them:");
        Set<String> kinds = new HashSet<>();
        running.untold().stream()
                .filter(each -> kinds.add(JsonText.text(each, "kind")))
                .forEach(each -> out.println("  " + example(each)));
    }

    private static String example(JsonNode resource) {
        String name = List.of("task", "service_instance", "app").stream()
                .map(part -> JsonText.text(resource, part, "name"))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        return JsonText.text(resource, "kind") + " " + JsonText.text(resource, "guid") + " (" + name + "), since "
                + JsonText.text(resource, "since");
    }

    private List<String> nextCommands() {
        return List.of(
                "./ledger running summary --group-by organization" + service,
                "./ledger events --after " + seen.cursor() + " --follow" + service,
                "./ledger events --guid " + story.blueprint().foundingGuid() + service,
                "./ledger check" + service,
                "docs/guide.md   from a first event to a poller that never misses one");
    }

    private static void groups(PrintStream out, String title, List<DemoRunning.Group> groups) {
        Table table = new Table(
                out,
                List.of(
                        Table.Column.text(title),
                        Table.Column.number("RUNNING"),
                        Table.Column.number("INSTANCES"),
                        Table.Column.number("GB")));
        table.print(groups.stream()
                .map(group -> List.of(
                        group.name(), number(group.resources()), number(group.instances()), number(group.gigabytes())))
                .toList());
    }

    private static void groups(ArrayNode array, String field, List<DemoRunning.Group> groups) {
        groups.forEach(group -> array.add(JsonText.object()
                .put(field, group.name())
                .put("resources", group.resources())
                .put("instances", group.instances())
                .put("memory_mb", group.memoryMb())));
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
