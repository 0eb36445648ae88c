package org.usageledger.api.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What no refusal foresaw. The cause goes to the log under an id, the id to the client. */
@Singleton
final class Faults implements ExceptionHandler<RuntimeException, HttpResponse<Content>> {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<Content> handle(HttpRequest request, RuntimeException fault) {
        return problem(request, Optional.of(fault)).answer();
    }

    /** Every room wraps what its database refuses in a fault that says what was being done. */
    private static boolean isOfDatabase(@Nullable Throwable fault) {
        return fault != null && fault.getCause() instanceof SQLException;
    }

    static Problem problem(HttpRequest<?> request, Optional<Throwable> cause) {
        UUID id = UUID.randomUUID();
        @Nullable Throwable fault = cause.orElse(null);
        if (isOfDatabase(fault)) {
            LOG.warn("{} {} failed, id {}", request.getMethodName(), request.getPath(), id, fault);
            return Problem.of(
                            ProblemType.UNAVAILABLE,
                            "The database did not answer as it should. Try again; the service's log has the cause under"
                                    + " the id " + id + ".",
                            json -> json.writeStringField("id", id.toString()))
                    .retryAfter(RETRY_AFTER);
        }
        LOG.error("{} {} failed, id {}", request.getMethodName(), request.getPath(), id, fault);
        return Problem.of(
                ProblemType.FAULT,
                "This is a fault of the service. Its log has the cause under the id " + id + ".",
                json -> json.writeStringField("id", id.toString()));
    }
}
