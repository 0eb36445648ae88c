package org.usageledger.api.http;

import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.filter.ConditionalFilter;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.web.router.RouteAttributes;

/** The answer to HEAD has no body, so nobody asks for one: what would have written it is let go here, with the connection that it holds. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class HeadFilter implements ConditionalFilter {

    @Override
    public boolean isEnabled(HttpRequest<?> request) {
        return request.getMethod() == HttpMethod.HEAD;
    }

    @ResponseFilter
    @ExecuteOn(TaskExecutors.BLOCKING)
    void letGo(HttpResponse<?> response) {
        RouteAttributes.getHeadBody(response)
                .filter(Content.class::isInstance)
                .map(Content.class::cast)
                .ifPresent(Content::close);
    }
}
