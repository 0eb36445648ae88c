package org.usageledger.api.access;

import io.github.bucket4j.Bucket;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.usageledger.api.access.RouteTable.Asked;

/** Which requests are written to the audit log, and when. */
final class Audit {
    private static final int TARGET_CHARACTERS = 512;

    /** Refused attempts cost an attacker nothing and are kept for ever: so many at once and a minute, the rest is in the log only. */
    private static final int REFUSALS = 100;

    private static final String ATTRIBUTE = "ledger.audit-number";

    /** Under which whoever follows requests leaves the number of their trace. */
    private static final String TRACE = "trace_id";

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final AuditLog log;
    private final Bucket refusals = Bucket.builder()
            .addLimit(bandwidth -> bandwidth.capacity(REFUSALS).refillGreedy(REFUSALS, Duration.ofMinutes(1)))
            .build();

    Audit(AuditLog log) {
        this.log = log;
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

    /** An attempt that was turned away. It stays turned away whether it can be written or not. */
    void refused(HttpRequest<?> request, Asked asked, Caller caller, int status) {
        AuditAttempt attempt = attempt(request, asked, caller);
        if (!refusals.tryConsume(1)) {
            LOG.warn(
                    "{} from {} was refused with {}, one of too many to audit",
                    asked.route(),
                    caller.address(),
                    status);
            return;
        }
        try {
            log.refused(attempt, status);
        } catch (AuditFault e) {
            LOG.error("{} from {} was refused with {}, unaudited", asked.route(), caller.address(), status, e);
        }
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
