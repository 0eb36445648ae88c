package org.usageledger.api.jobs;

import com.fasterxml.jackson.core.JsonGenerator;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.util.List;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.BodyRefused;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.jobs.NodeView;
import org.usageledger.jobs.Nodes;

/** The nodes of this ledger's database: how they do, and having them hand over or taking them for dead. */
@Controller("/v1/nodes")
@ExecuteOn(TaskExecutors.BLOCKING)
final class NodesController {
    private final Nodes nodes;

    NodesController(Nodes nodes) {
        this.nodes = nodes;
    }

    @Get
    HttpResponse<Content> nodes() {
        List<NodeView> all = nodes.all();
        return Answers.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("nodes");
            for (NodeView node : all) {
                write(json, node);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    @Get("/{id}")
    HttpResponse<Content> node(String id) {
        return nodes.node(id)
                .<HttpResponse<Content>>map(node -> Answers.json(json -> write(json, node)))
                .orElseGet(() -> notFound(id));
    }

    @Post("/{id}/quiesce")
    @Consumes(MediaType.ALL)
    HttpResponse<Content> quiesce(String id, HttpRequest<?> request) throws IOException {
        try {
            WordRequest wish = WordRequest.plain(request);
            return answer(id, nodes.quiesce(id, wish.word()), HttpStatus.ACCEPTED);
        } catch (BodyRefused e) {
            return e.problem().answer();
        }
    }

    @Post("/{id}/expunge")
    @Consumes(MediaType.ALL)
    HttpResponse<Content> expunge(String id, HttpRequest<?> request) throws IOException {
        try {
            WordRequest wish = WordRequest.forced(request);
            return answer(id, nodes.expunge(id, wish.word(), wish.force()), HttpStatus.OK);
        } catch (BodyRefused e) {
            return e.problem().answer();
        }
    }

    private static HttpResponse<Content> answer(String id, Nodes.Answer answer, HttpStatus done) {
        return switch (answer) {
            case Nodes.Answer.Accepted accepted ->
                Answers.json(json -> write(json, accepted.node())).status(done);
            case Nodes.Answer.Refused refused ->
                Problem.of(
                                ProblemType.NODE_EXPUNGED,
                                "The node \"" + Query.shown(id)
                                        + "\" has nothing left to hand over, and its name never comes back:"
                                        + " start the service under another LEDGER_NODE.",
                                json -> json.writeStringField(
                                        "state", refused.node().state().label()))
                        .answer();
            case Nodes.Answer.Alive alive ->
                Problem.of(
                                ProblemType.NODE_ALIVE,
                                "The node \"" + Query.shown(id)
                                        + "\" lives: quiesce it and come again when it is drained, or stop it. To take it for"
                                        + " dead all the same, expunge it by force (\"force\":true; --force on the command line).",
                                json -> {
                                    json.writeStringField(
                                            "state", alive.node().state().label());
                                    json.writeStringField(
                                            "seen_at", alive.node().seenAt().toString());
                                })
                        .answer();
            case Nodes.Answer.NoSuchNode _ -> notFound(id);
        };
    }

    private static HttpResponse<Content> notFound(String id) {
        return Problem.of(
                        ProblemType.NODE_NOT_FOUND,
                        "GET /v1/nodes lists those there are; \"" + Query.shown(id) + "\" is none.")
                .answer();
    }

    private static void write(JsonGenerator json, NodeView node) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", node.name());
        json.writeNumberField("incarnation", node.incarnation());
        json.writeNumberField("generation", node.generation());
        json.writeStringField("state", node.state().label());
        json.writeStringField("started_at", node.startedAt().toString());
        json.writeStringField("seen_at", node.seenAt().toString());
        json.writeBooleanField("heard", node.heard());
        Fields.said(json, "quiesced", node.quiesced());
        Fields.said(json, "expunged", node.expunged());
        json.writeNumberField("executions", node.executions());
        json.writeEndObject();
    }
}
