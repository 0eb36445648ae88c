package org.usageledger.api.http;

import java.io.IOException;

/** A request's body that cannot be read on, with the answer to it. An exception, because it passes through parsers on its way. */
public final class BodyRefused extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    public BodyRefused(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    static BodyRefused malformed(String detail) {
        return new BodyRefused(Problem.of(ProblemType.MALFORMED_BODY, detail));
    }

    public Problem problem() {
        return problem;
    }
}
