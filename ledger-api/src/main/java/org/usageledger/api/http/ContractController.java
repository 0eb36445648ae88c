package org.usageledger.api.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The way in: what this service is, and the contract of all that it serves. */
@Controller
final class ContractController {
    private static final String CONTRACT = "/openapi/usage-ledger.yaml";

    private final byte[] contract = read();

    @Get("/")
    HttpResponse<Content> root() {
        return Answers.json(json -> {
            json.writeStartObject();
            json.writeStringField("name", "usage-ledger");
            json.writeObjectFieldStart("links");
            json.writeStringField("events", "/v1/events");
            json.writeStringField("running", "/v1/running");
            json.writeStringField("health", "/health");
            json.writeStringField("contract", "/openapi");
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    @Get("/openapi")
    @Produces(MediaType.ALL)
    HttpResponse<Content> openapi(HttpRequest<?> request) {
        MutableHttpResponse<Content> answer = ContractPage.isWanted(request)
                ? ContractPage.page()
                : HttpResponse.ok(Content.of(contract)).contentType("application/yaml; charset=utf-8");
        return answer.header(HttpHeaders.VARY, HttpHeaders.ACCEPT);
    }

    @Get("/openapi/page/{name}")
    @Produces(MediaType.ALL)
    HttpResponse<Content> part(String name) {
        return ContractPage.part(name)
                .orElseGet(() -> Problem.of(
                                ProblemType.NOT_FOUND,
                                "The page of the contract has no file \"" + Query.shown(name) + "\".")
                        .answer());
    }

    private static byte[] read() {
        try (InputStream in = ContractController.class.getResourceAsStream(CONTRACT)) {
            if (in == null) {
                throw new IllegalStateException("the contract " + CONTRACT + " is not packaged");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("reading the packaged contract", e);
        }
    }
}
