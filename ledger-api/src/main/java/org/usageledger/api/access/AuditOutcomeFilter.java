package org.usageledger.api.access;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.filter.ConditionalFilter;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** Writes how an administrative act ended. Apart from what lets requests in, so that every other answer goes on without a change of threads. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class AuditOutcomeFilter implements Ordered, ConditionalFilter {
    private final Audit audit;

    AuditOutcomeFilter(Audit audit) {
        this.audit = audit;
    }

    @Override
    public int getOrder() {
        return AccessFilter.ORDER;
    }

    @Override
    public boolean isEnabled(HttpRequest<?> request) {
        return RouteTable.asked(request)
                .filter(RouteTable.Asked::isAdministrativeAct)
                .isPresent();
    }

    @ResponseFilter
    @ExecuteOn(TaskExecutors.BLOCKING)
    void ended(HttpRequest<?> request, HttpResponse<?> response) {
        audit.end(request, response);
    }
}
