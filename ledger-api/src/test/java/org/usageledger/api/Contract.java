package org.usageledger.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The written contract, as a test reads it. */
public final class Contract {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final JsonNode document;

    private Contract(JsonNode document) {
        this.document = document;
    }

    /** One operation; {@code name} is such as {@code GET /v1/events}. */
    public record Operation(String name, String path, JsonNode node) {}

    /** One example and the schema that it stands under. */
    public record Example(String where, String mediaType, JsonNode schema, JsonNode value) {}

    public static Contract read() {
        try (InputStream in =
                Objects.requireNonNull(Contract.class.getResourceAsStream("/openapi/usage-ledger.yaml"))) {
            return new Contract(new YAMLMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                if (METHODS.contains(method.getKey())) {
                    String name = method.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey();
                    operations.add(new Operation(name, path.getKey(), method.getValue()));
                }
            }
        }
        return operations;
    }

    Operation operation(String name) {
        return operations().stream()
                .filter(operation -> operation.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Names of the parameters that stand there: {@code query} or {@code path}. */
    Set<String> parameters(Operation operation, String in) {
        Set<String> names = new TreeSet<>();
        for (JsonNode parameter : operation.node().path("parameters")) {
            JsonNode resolved = resolved(parameter);
            if (resolved.path("in").asText().equals(in)) {
                names.add(resolved.path("name").asText());
            }
        }
        return names;
    }

    Set<String> problemNames() {
        Set<String> names = new TreeSet<>();
        document.at("/components/schemas/ProblemName/enum").forEach(name -> names.add(name.asText()));
        return names;
    }

    List<Example> requestExamples(Operation operation) {
        return examples(operation.name() + " request", operation.node().path("requestBody"));
    }

    List<Example> responseExamples(Operation operation) {
        List<Example> examples = new ArrayList<>();
        for (Map.Entry<String, JsonNode> response :
                operation.node().path("responses").properties()) {
            examples.addAll(examples(operation.name() + " " + response.getKey(), resolved(response.getValue())));
        }
        return examples;
    }

    private static List<Example> examples(String where, JsonNode holder) {
        List<Example> examples = new ArrayList<>();
        for (Map.Entry<String, JsonNode> content : holder.path("content").properties()) {
            for (Map.Entry<String, JsonNode> example :
                    content.getValue().path("examples").properties()) {
                examples.add(new Example(
                        where + " " + example.getKey(),
                        content.getKey(),
                        content.getValue().path("schema"),
                        example.getValue().path("value")));
            }
        }
        return examples;
    }

    /** The schema of an answer's JSON; missing if the contract does not foresee the answer. */
    JsonNode answerSchema(Operation operation, int status, String mediaType) {
        JsonNode responses = operation.node().path("responses");
        JsonNode response = responses.has(String.valueOf(status))
                ? responses.path(String.valueOf(status))
                : responses.path("default");
        return resolved(response).path("content").path(mediaType).path("schema");
    }

    /** The same with nothing allowed beyond what is written: what the ledger answers has no field that the contract is silent on. */
    Contract closed() {
        JsonNode copy = document.deepCopy();
        close(copy.at("/components/schemas"));
        return new Contract(copy);
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode schema
                && schema.path("properties").isObject()
                && !schema.has("additionalProperties")) {
            schema.put("additionalProperties", false);
        }
        node.forEach(Contract::close);
    }

    /** What is wrong with a value under a schema of this contract; empty if nothing is. */
    String violations(JsonNode schema, JsonNode value) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.path("components"));
        return SCHEMAS.getSchema(whole).validate(value).stream()
                .map(ValidationMessage::toString)
                .collect(Collectors.joining("\n"));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }
}
