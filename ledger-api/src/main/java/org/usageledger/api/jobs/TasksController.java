package org.usageledger.api.jobs;

import com.fasterxml.jackson.core.JsonGenerator;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.usageledger.api.http.Accepts;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.jobs.JobNode;
import org.usageledger.jobs.NodeIdentity;
import org.usageledger.jobs.NodeView;
import org.usageledger.jobs.Nodes;
import org.usageledger.tasks.BackgroundDriver;
import org.usageledger.tasks.NodeReport;

/** What is done in the background: what each node last reported of it, and having it done now. */
@Controller("/v1/tasks")
@ExecuteOn(TaskExecutors.BLOCKING)
final class TasksController {
    private final JobNode node;
    private final Nodes nodes;

    TasksController(JobNode node, Nodes nodes) {
        this.node = node;
        this.nodes = nodes;
    }

    @Get
    @Accepts("node")
    HttpResponse<Content> tasks(HttpRequest<?> request) {
        Query query = Query.of(request);
        Map<String, NodeView> known = known();
        Optional<String> wanted = query.choice("node", List.copyOf(known.keySet()), name -> name);
        if (query.refusal().isPresent()) {
            return query.refusal().get().answer();
        }
        SortedMap<String, List<NodeReport>> reports = byTask(nodes.reports(Optional.empty()));
        return Answers.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("tasks");
            for (Map.Entry<String, List<NodeReport>> task : reports.entrySet()) {
                List<NodeReport> shown = task.getValue().stream()
                        .filter(report ->
                                wanted.isEmpty() || report.writer().node().equals(wanted.get()))
                        .toList();
                write(json, task.getKey(), shown, known);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    @Get("/{name}")
    HttpResponse<Content> task(String name) {
        List<NodeReport> reports = nodes.reports(Optional.of(name));
        if (reports.isEmpty() && !descriptions().containsKey(name)) {
            return notFound(name);
        }
        Map<String, NodeView> known = known();
        return Answers.json(json -> write(json, name, reports, known));
    }

    @Post("/{name}/activate")
    HttpResponse<Content> activate(String name) {
        boolean activated = node.tasks().map(driver -> driver.activate(name)).orElse(false);
        return activated ? Activated.answer(node.identity().id(), List.of(name)) : notFound(name);
    }

    private Map<String, NodeView> known() {
        return nodes.all().stream()
                .collect(Collectors.toMap(NodeView::name, Function.identity(), (one, _) -> one, TreeMap::new));
    }

    private SortedMap<String, String> descriptions() {
        return node.tasks().map(BackgroundDriver::descriptions).orElseGet(TreeMap::new);
    }

    /** Every task of this node is there, although it may have reported of none yet. */
    private SortedMap<String, List<NodeReport>> byTask(List<NodeReport> reports) {
        SortedMap<String, List<NodeReport>> tasks = new TreeMap<>();
        descriptions().keySet().forEach(name -> tasks.put(name, new ArrayList<>()));
        reports.forEach(report -> tasks.computeIfAbsent(report.status().task(), _ -> new ArrayList<>())
                .add(report));
        return tasks;
    }

    private void write(JsonGenerator json, String name, List<NodeReport> reports, Map<String, NodeView> known)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("description", descriptions().get(name));
        json.writeStringField("node", node.identity().id());
        json.writeArrayFieldStart("reports");
        for (NodeReport report : reports) {
            NodeReport latest = latest(report);
            Optional<Instant> startedAt = Optional.ofNullable(
                            known.get(report.writer().node()))
                    .filter(view -> view.incarnation() == latest.writer().incarnation())
                    .map(NodeView::startedAt);
            Fields.value(json, TaskText.of(latest, startedAt, nodes.silence()));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** What this node knows of itself is younger than what it has stored. */
    private NodeReport latest(NodeReport report) {
        NodeIdentity here = node.identity();
        boolean own =
                report.writer().node().equals(here.id()) && report.writer().incarnation() == here.incarnation();
        return !own
                ? report
                : node.tasks()
                        .flatMap(driver -> driver.status(report.status().task()))
                        .map(status -> new NodeReport(
                                report.writer(),
                                report.nodeIncarnation(),
                                report.nodeState(),
                                report.nodeSeenAt(),
                                report.unseen(),
                                status))
                        .orElse(report);
    }

    private HttpResponse<Content> notFound(String name) {
        return Problem.of(
                        ProblemType.TASK_NOT_FOUND,
                        "There is no background task \"" + Query.shown(name) + "\" here; there are "
                                + String.join(", ", descriptions().keySet()) + ".")
                .answer();
    }
}
