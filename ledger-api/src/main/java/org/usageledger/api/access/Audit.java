package org.usageledger.api.access;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.usageledger.api.access.RouteTable.Asked;

/** Which requests are written to the audit log, and when. */
@Singleton
final class Audit {
    private static final int TARGET_CHARACTERS = 512;

    /** So long attempts that were turned away alike are counted as one entry. */
    private static final Duration TOGETHER = Duration.ofMinutes(1);

    private static final String ATTRIBUTE = "ledger.audit-number";

    /** Under which whoever follows requests leaves the number of their trace. */
    private static final String TRACE = "trace_id";

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final AuditLog log;
    private final Refusals refusals;

    Audit(AuditLog log) {
        this.log = log;
        refusals = new Refusals(log, TOGETHER);
    }

    @PreDestroy
    void close() {
        refusals.close();
    }

    /**
     * Before an act is done.
     *
     * @throws AuditFault if it could not be written; the act must not be done then
     */
    void begin(HttpRequest<?> request, Asked asked, Caller caller) {
        request.setAttribute(ATTRIBUTE, log.begin(attempt(request, asked, caller)));
    }

    /** After it was, or failed. What was done stands, so a failure to write this is told to the log only. */
    void end(HttpRequest<?> request, HttpResponse<?> response) {
        Optional<Long> number = request.getAttribute(ATTRIBUTE, Long.class);
        if (number.isEmpty()) {
            return;
        }
        request.removeAttribute(ATTRIBUTE, Long.class);
        Optional<String> made = Optional.ofNullable(response.getHeaders().get(HttpHeaders.LOCATION))
                .map(location -> Caller.bounded(location, TARGET_CHARACTERS));
        try {
            log.end(number.get(), response.code(), made);
        } catch (AuditFault e) {
            LOG.error(
                    "act {} of the audit log ended with {} and stands there without it",
                    number.get(),
                    response.code(),
                    e);
        }
    }

    /** An attempt that was turned away. It stays turned away whether it can be written or not, and does not wait for it. */
    void refused(HttpRequest<?> request, Asked asked, Caller caller, int status) {
        refusals.add(attempt(request, asked, caller), status);
    }

    private static AuditAttempt attempt(HttpRequest<?> request, Asked asked, Caller caller) {
        return new AuditAttempt(
                caller, asked.route(), Caller.bounded(request.getPath(), TARGET_CHARACTERS), requestId());
    }

    private static String requestId() {
        return Optional.ofNullable(MDC.get(TRACE))
                .orElseGet(() -> UUID.randomUUID().toString());
    }
}
