package org.usageledger.api.http;

import io.micronaut.context.annotation.Primary;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;

/** Turns whatever the server itself refuses into a problem. */
@Singleton
@Primary
final class ProblemFallback implements ErrorResponseProcessor<Content> {

    @Override
    public MutableHttpResponse<Content> processResponse(ErrorContext context, MutableHttpResponse<?> base) {
        int status = base.code();
        Problem problem = status >= HttpStatus.INTERNAL_SERVER_ERROR.getCode()
                ? Faults.problem(context.getRequest(), context.getRootCause())
                : refusal(status, context);
        problem.markOn(base);
        return base.body(problem.content())
                .status(problem.status(), problem.type().title())
                .contentType(Problem.MEDIA_TYPE);
    }

    private static Problem refusal(int status, ErrorContext context) {
        HttpRequest<?> request = context.getRequest();
        String why = context.getErrors().stream().map(Error::getMessage).collect(Collectors.joining(" "));
        String asked = request.getMethodName() + " " + Query.shown(request.getPath());
        return switch (status) {
            case 404 -> problem(ProblemType.NOT_FOUND, status, asked + " is not served; GET /openapi lists what is.");
            case 405 ->
                problem(ProblemType.METHOD_NOT_ALLOWED, status, asked + " is not served; see the header Allow.");
            case 406 -> problem(ProblemType.NOT_ACCEPTABLE, status, asked + " serves other media types: " + why);
            case 413 -> problem(ProblemType.TOO_LARGE, status, "Send less at once. " + why);
            case 415 -> problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, status, asked + " takes other media types: " + why);
            case 400 -> problem(ProblemType.BAD_REQUEST, status, asked + ": " + why);
            default -> problem(ProblemType.OTHER, status, asked + ": " + why);
        };
    }

    private static Problem problem(ProblemType type, int status, String detail) {
        return new Problem(type, status, detail, _ -> {}, java.util.Optional.empty());
    }
}
