package org.usageledger.api.access;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.api.access.RouteTable.Asked;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;

/** Lets a request in or not: the one place that every request to every route comes through, before anything of it is read. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class AccessFilter implements Ordered {
    /** After the look at where a request comes from, before everything else. */
    static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

    private static final Duration AUDIT_RETRY = Duration.ofSeconds(5);
    private static final String CHALLENGE = "Bearer realm=\"usage-ledger\"";

    private static final Logger LOG = LoggerFactory.getLogger(AccessFilter.class);

    private final Access access;
    private final Audit audit;

    AccessFilter(Access access, Audit audit) {
        this.access = access;
        this.audit = audit;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @RequestFilter
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Nullable
    HttpResponse<?> admit(HttpRequest<?> request) {
        Optional<Asked> asked = RouteTable.asked(request);
        if (asked.isEmpty()) {
            return withoutEntry(request);
        }
        if (asked.get().isProbe()) {
            return null;
        }
        if (asked.get().needed() == Permission.ANYONE) {
            return spent(Caller.at(Caller.addressOf(request))).orElse(null);
        }
        return switch (access.authenticate(request)) {
            case Verdict.Known(Caller caller) -> admit(request, asked.get(), caller);
            case Verdict.Missing _ ->
                turnedAway(request, asked.get(), challenge("Send a bearer token in the header Authorization."), "");
            case Verdict.Ambiguous(String detail) ->
                turnedAway(
                        request,
                        asked.get(),
                        Problem.of(ProblemType.BAD_REQUEST, detail),
                        ", error=\"invalid_request\"");
            case Verdict.Refused(String detail) ->
                turnedAway(request, asked.get(), challenge(detail), ", error=\"invalid_token\"");
            case Verdict.KeysUnavailable(Duration wait) ->
                spent(Caller.at(Caller.addressOf(request))).orElseGet(() -> keysUnavailable(wait));
        };
    }

    private static HttpResponse<?> keysUnavailable(Duration wait) {
        return Problem.of(
                        ProblemType.KEYS_UNAVAILABLE,
                        "The keys of the issuer that would verify this token cannot be fetched now. Try again.")
                .retryAfter(wait)
                .answer();
    }

    /** Takes one request of a caller's; the refusal if there is none left. */
    private Optional<HttpResponse<?>> spent(Caller caller) {
        return access.spend(caller).map(AccessFilter::tooMany);
    }

    /** What is no route is answered so by the server. A route that nobody decided on is as if it were none. */
    private @Nullable HttpResponse<?> withoutEntry(HttpRequest<?> request) {
        Optional<Duration> wait = access.spend(Caller.at(Caller.addressOf(request)));
        if (wait.isPresent()) {
            return tooMany(wait.get());
        }
        return RouteTable.isMatched(request)
                ? Problem.of(ProblemType.NOT_FOUND, "This is not served.").answer()
                : null;
    }

    private @Nullable HttpResponse<?> admit(HttpRequest<?> request, Asked asked, Caller caller) {
        Optional<Duration> wait = access.spend(caller);
        if (wait.isPresent()) {
            return tooMany(wait.get());
        }
        if (!access.permits(caller, asked.needed())) {
            audited(request, asked, caller, ProblemType.SCOPE_MISSING);
            String scopes = String.join(", ", asked.needed().scopes());
            return Problem.of(
                            ProblemType.SCOPE_MISSING,
                            asked.route() + " asks for a token with one of the scopes " + scopes + ".")
                    .answer()
                    .header(
                            HttpHeaders.WWW_AUTHENTICATE,
                            CHALLENGE + ", error=\"insufficient_scope\", scope=\""
                                    + asked.needed().scopes().getFirst() + "\"");
        }
        caller.attachTo(request);
        return asked.isAdministrativeAct() ? begun(request, asked, caller) : null;
    }

    private @Nullable HttpResponse<?> begun(HttpRequest<?> request, Asked asked, Caller caller) {
        try {
            audit.begin(request, asked, caller);
            return null;
        } catch (AuditFault e) {
            LOG.error("{} was not done, because the audit log could not be written", asked.route(), e);
            return Problem.of(
                            ProblemType.UNAVAILABLE,
                            "The audit log cannot be written now, so nothing was done. Try again.")
                    .retryAfter(AUDIT_RETRY)
                    .answer();
        }
    }

    private HttpResponse<?> turnedAway(HttpRequest<?> request, Asked asked, Problem problem, String error) {
        Caller stranger = Caller.at(Caller.addressOf(request));
        Optional<Duration> wait = access.spend(stranger);
        if (wait.isPresent()) {
            return tooMany(wait.get());
        }
        audited(request, asked, stranger, problem.type());
        return problem.answer().header(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE + error);
    }

    private void audited(HttpRequest<?> request, Asked asked, Caller caller, ProblemType refusal) {
        if (asked.needed() == Permission.ADMIN) {
            audit.refused(request, asked, caller, refusal.status().getCode());
        }
    }

    private static Problem challenge(String detail) {
        return Problem.of(ProblemType.UNAUTHENTICATED, detail);
    }

    private static HttpResponse<?> tooMany(Duration wait) {
        return Problem.of(ProblemType.RATE_LIMITED, "You ask more often than this service allows. Come again later.")
                .retryAfter(wait.plusSeconds(1).minusNanos(1))
                .answer();
    }
}
