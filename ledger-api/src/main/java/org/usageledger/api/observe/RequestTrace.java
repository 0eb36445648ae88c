package org.usageledger.api.observe;

import io.micronaut.core.propagation.ThreadPropagatedContextElement;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Where a request is in its trace: on whatever thread it is worked on, log lines carry the trace's number.
 *
 * @param here what the answer names; valid even where no span is made
 * @param span of the request; does nothing where none is made
 */
record RequestTrace(Context context, SpanContext here, Span span)
        implements ThreadPropagatedContextElement<RequestTrace.Before> {
    /** Under which log lines show the trace's number. */
    static final String TRACE_ID = "trace_id";

    private static final int SERVER_FAULT = 500;

    /** What a thread had before, and gets back. */
    record Before(@Nullable String traceId, Scope scope) {}

    /** The scope is closed when the thread gets back what it had. */
    @Override
    @SuppressWarnings("MustBeClosedChecker")
    public Before updateThreadContext() {
        Before before = new Before(MDC.get(TRACE_ID), context.makeCurrent());
        MDC.put(TRACE_ID, here.getTraceId());
        return before;
    }

    @Override
    public void restoreThreadContext(@Nullable Before before) {
        if (before == null) {
            return;
        }
        before.scope().close();
        if (before.traceId() == null) {
            MDC.remove(TRACE_ID);
        } else {
            MDC.put(TRACE_ID, before.traceId());
        }
    }

    /** In the form of the header {@code traceresponse} of W3C Trace Context. */
    String response() {
        return "00-" + here.getTraceId() + "-" + here.getSpanId() + "-"
                + here.getTraceFlags().asHex();
    }

    void end(int status) {
        span.setAttribute("http.response.status_code", status);
        if (status >= SERVER_FAULT) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }
}
