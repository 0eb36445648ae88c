package org.usageledger.api.observe;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.usageledger.api.http.Content;

/** For whoever watches many services. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
final class MetricsController {
    private final Observation observation;

    MetricsController(Observation observation) {
        this.observation = observation;
    }

    @Get("/prometheus")
    @Produces(MediaType.ALL)
    HttpResponse<Content> metrics() {
        return HttpResponse.ok(Content.of(observation.metrics().scrape())).contentType(Metrics.CONTENT_TYPE);
    }
}
