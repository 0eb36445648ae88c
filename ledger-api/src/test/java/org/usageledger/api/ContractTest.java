package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.http.HttpMethod;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Contract.Example;
import org.usageledger.api.Contract.Operation;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.api.http.Accepts;
import org.usageledger.api.http.ProblemType;

class ContractTest {
    private static final Contract CONTRACT = Contract.read();

    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static Map<String, UriRouteInfo<?, ?>> served() {
        Map<String, UriRouteInfo<?, ?>> served = new TreeMap<>();
        ledger.context()
                .getBean(Router.class)
                .uriRoutes()
                .filter(route -> route.getHttpMethod() != HttpMethod.HEAD)
                .forEach(route -> served.put(
                        route.getHttpMethodName() + " "
                                + route.getUriMatchTemplate().toPathString(),
                        route));
        return served;
    }

    @Test
    void what_is_served_is_what_is_written_and_the_other_way_round() {
        Set<String> written =
                CONTRACT.operations().stream().map(Operation::name).collect(Collectors.toSet());

        assertThat(served().keySet()).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void each_route_takes_the_parameters_that_are_written_and_no_other() {
        served().forEach((name, route) -> {
            Operation operation = CONTRACT.operation(name);
            assertThat(Set.of(route.getAnnotationMetadata().stringValues(Accepts.class)))
                    .as("query parameters of " + name)
                    .isEqualTo(CONTRACT.parameters(operation, "query"));
            assertThat(new TreeSet<>(route.getUriMatchTemplate().getVariableNames()))
                    .as("path parameters of " + name)
                    .isEqualTo(CONTRACT.parameters(operation, "path"));
        });
    }

    @Test
    void every_problem_that_can_be_answered_is_written() {
        Set<String> known = Stream.of(ProblemType.values())
                .map(type -> type.uri().replace("urn:usage-ledger:problem:", ""))
                .collect(Collectors.toSet());

        assertThat(CONTRACT.problemNames()).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void every_example_of_an_answer_fits_its_schema() {
        int seen = 0;
        for (Operation operation : CONTRACT.operations()) {
            for (Example example : CONTRACT.responseExamples(operation)) {
                assertThat(CONTRACT.violations(example.schema(), example.value()))
                        .as(example.where())
                        .isEmpty();
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(7);
    }

    @Test
    void every_example_of_a_request_is_taken_and_its_answer_fits_the_schema() {
        int sent = 0;
        for (Operation operation : CONTRACT.operations()) {
            for (Example example : CONTRACT.requestExamples(operation)) {
                String body = example.value().isTextual()
                        ? example.value().asText()
                        : example.value().toString();
                if (!example.value().isTextual()) {
                    assertThat(CONTRACT.violations(example.schema(), example.value()))
                            .as(example.where())
                            .isEmpty();
                }
                Answer answer = ledger.send(ledger.request(path(operation), "Content-Type", example.mediaType())
                        .method(operation.name().replaceAll(" .*", ""), BodyPublishers.ofString(body)));
                assertThat(answer.status()).as(example.where() + answer).isBetween(200, 299);
                fits(operation, answer);
                sent++;
            }
        }
        assertThat(sent).isEqualTo(7);
    }

    /** With an execution that waits where the operation is about one. */
    private static String path(Operation operation) {
        String path = operation.path().replace("{name}", "rebuild");
        return path.contains("{id}")
                ? path.replace(
                        "{id}",
                        ledger.post("/v1/jobs/demo/executions", "application/json", LiveService.bytes("{}"))
                                .json()
                                .path("id")
                                .asText())
                : path;
    }

    private static Map<String, List<String>> ofNodes() {
        String node = ledger.get("/v1/nodes").json().at("/nodes/0/id").asText();
        return Map.of(
                "GET /v1/nodes", List.of("/v1/nodes"),
                "GET /v1/nodes/{id}", List.of("/v1/nodes/" + node, "/v1/nodes/none"),
                "GET /v1/tasks", List.of("/v1/tasks", "/v1/tasks?node=" + node, "/v1/tasks?node=none"),
                "GET /v1/tasks/{name}", List.of("/v1/tasks/job_recovery", "/v1/tasks/none"));
    }

    @Test
    void every_answer_to_a_read_fits_its_schema() {
        String stop = Events.task("c-stop", "c-task", "TASK_STOPPED", "RUNNING");
        String head = ledger.append(Events.started("c-1", "c-p"), Events.service("c-2", "c-i", "CREATED"), stop)
                .json()
                .path("head")
                .asText();
        String execution = ledger.post("/v1/jobs/rebuild/executions", "application/json", LiveService.bytes("""
                        {"projection":"running","request_key":"contract"}
                        """))
                .json()
                .path("id")
                .asText();
        Map<String, List<String>> reads = new TreeMap<>(Map.of(
                "GET /v1/events", List.of("/v1/events", "/v1/events?guid=c-1", "/v1/events?after=1-999-0"),
                "GET /v1/events/{position}", List.of("/v1/events/1", "/v1/events/999", "/v1/events/x"),
                "GET /v1/suppressed", List.of("/v1/suppressed", "/v1/suppressed?limit=0"),
                "GET /v1/running", List.of("/v1/running?not_before=" + head, "/v1/running?at=now"),
                "GET /v1/running/summary", List.of("/v1/running/summary", "/v1/running/summary?group_by=space"),
                "GET /v1/jobs", List.of("/v1/jobs"),
                "GET /v1/executions", List.of("/v1/executions"),
                "GET /v1/executions/{id}", List.of("/v1/executions/" + execution, "/v1/executions/none")));
        reads.put("GET /v1/audit", List.of("/v1/audit", "/v1/audit?limit=1", "/v1/audit?newest=true"));
        reads.put("GET /v1/schedules", List.of("/v1/schedules"));
        reads.put("GET /v1/jobs/{name}", List.of("/v1/jobs/rebuild", "/v1/jobs/none"));
        reads.putAll(ofNodes());
        reads.put("GET /health", List.of("/health"));
        reads.put("GET /health/liveness", List.of("/health/liveness"));
        reads.put("GET /health/readiness", List.of("/health/readiness"));
        reads.put("GET /", List.of("/"));
        reads.forEach((name, paths) -> paths.forEach(path -> fits(CONTRACT.operation(name), ledger.get(path))));
        Set<String> written = CONTRACT.operations().stream()
                .map(Operation::name)
                .filter(name -> name.startsWith("GET "))
                .collect(Collectors.toCollection(TreeSet::new));
        written.removeAll(
                Set.of("GET /openapi", "GET /openapi/page/{name}", "GET /v1/events/stream", "GET /prometheus"));
        assertThat(reads.keySet()).isEqualTo(written);
    }

    private static void fits(Operation operation, Answer answer) {
        String type = answer.header("Content-Type").replaceAll(";.*", "");
        var schema = CONTRACT.answerSchema(operation, answer.status(), type);
        assertThat(schema.isMissingNode())
                .as(operation.name() + " answered " + answer)
                .isFalse();
        assertThat(CONTRACT.closed().violations(schema, answer.json()))
                .as(operation.name() + " answered " + answer)
                .isEmpty();
    }

    @Test
    void the_contract_is_served_as_it_is_written() throws java.io.IOException {
        Answer answer = ledger.get("/openapi");

        assertThat(answer.header("Content-Type")).startsWith("application/yaml");
        try (var in = ContractTest.class.getResourceAsStream("/openapi/usage-ledger.yaml")) {
            assertThat(answer.response().body())
                    .isEqualTo(java.util.Objects.requireNonNull(in).readAllBytes());
        }
    }
}
