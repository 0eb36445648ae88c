package org.usageledger.api.observe;

import io.micronaut.http.HttpRequest;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.usageledger.jobs.JobObserver;
import org.usageledger.log.AppendObserver;
import org.usageledger.log.Appended;
import org.usageledger.projection.FoldObserver;

/**
 * Follows a request through the ledger. Every request has a trace's number, its sender's or a new one; spans are made only where they are
 * sent somewhere. What cannot be sent is dropped: tracing holds up nothing.
 */
final class Tracing implements AutoCloseable {
    /** Spans that wait to be sent; beyond it they are dropped. */
    private static final int QUEUED_SPANS = 2_048;

    /** For the last spans, at the end. */
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private static final String NAME = "org.usageledger";

    private static final TextMapGetter<HttpRequest<?>> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpRequest<?> request) {
            return request.getHeaders().names();
        }

        @Override
        public @Nullable String get(@Nullable HttpRequest<?> request, String name) {
            List<String> values =
                    request == null ? List.of() : request.getHeaders().getAll(name);
            // Two are none: whichever was meant, the other would be wrong.
            return values.size() == 1 ? values.getFirst() : null;
        }
    };

    private final Optional<SdkTracerProvider> provider;
    private final Tracer tracer;

    private Tracing(Optional<SdkTracerProvider> provider) {
        this.provider = provider;
        TracerProvider spans = provider.<TracerProvider>map(sdk -> sdk).orElseGet(TracerProvider::noop);
        this.tracer = spans.get(NAME);
    }

    /** What a transaction's span is linked with. */
    record Caller(SpanContext span) implements AppendObserver.Carried {}

    static Tracing of(TraceSettings settings, String node, String version) {
        return new Tracing(settings.exporter()
                .map(exporter -> SdkTracerProvider.builder()
                        .setResource(Resource.getDefault().toBuilder()
                                .put("service.name", settings.service())
                                .put("service.instance.id", node)
                                .put("service.version", version)
                                .build())
                        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.ratio())))
                        .addSpanProcessor(batches(exporter.get()))
                        .build()));
    }

    private static BatchSpanProcessor batches(SpanExporter exporter) {
        return BatchSpanProcessor.builder(exporter)
                .setMaxQueueSize(QUEUED_SPANS)
                .build();
    }

    /** Begins to follow a request: as part of its sender's trace, if it names one as W3C Trace Context wants it. */
    RequestTrace begin(HttpRequest<?> request, Route route) {
        Context from = W3CTraceContextPropagator.getInstance().extract(Context.root(), request, HEADERS);
        if (provider.isPresent()) {
            Span span = tracer.spanBuilder(route.method() + " " + route.path())
                    .setParent(from)
                    .setSpanKind(SpanKind.SERVER)
                    .setAttribute("http.request.method", route.method())
                    .setAttribute("http.route", route.path())
                    .startSpan();
            return new RequestTrace(from.with(span), span.getSpanContext(), span);
        }
        SpanContext sender = Span.fromContext(from).getSpanContext();
        IdGenerator ids = IdGenerator.random();
        SpanContext here = SpanContext.create(
                sender.isValid() ? sender.getTraceId() : ids.generateTraceId(),
                ids.generateSpanId(),
                sender.isValid() ? sender.getTraceFlags() : TraceFlags.getDefault(),
                TraceState.getDefault());
        return new RequestTrace(from, here, Span.getInvalid());
    }

    /** On the thread of a request that hands events in. */
    AppendObserver.Carried carried() {
        SpanContext span = provider.isPresent() ? Span.current().getSpanContext() : SpanContext.getInvalid();
        return span.isSampled() ? new Caller(span) : AppendObserver.Carried.NOTHING;
    }

    void committed(Appended transaction) {
        if (provider.isEmpty()) {
            return;
        }
        SpanBuilder span = tracer.spanBuilder("append transaction")
                .setNoParent()
                .setStartTimestamp(transaction.began())
                .setAttribute("ledger.events", transaction.events())
                .setAttribute("ledger.requests", transaction.requests())
                .setAttribute("ledger.head", transaction.head().toString());
        for (AppendObserver.Carried carried : transaction.carried()) {
            if (carried instanceof Caller caller) {
                span.addLink(caller.span());
            }
        }
        end(span.startSpan(), transaction.began().plus(transaction.took()), false);
    }

    void folded(FoldObserver.Folded window) {
        if (provider.isPresent()) {
            Span span = tracer.spanBuilder("projection window")
                    .setNoParent()
                    .setStartTimestamp(window.began())
                    .setAttribute("ledger.projection", window.projection())
                    .setAttribute("ledger.after", window.window().after())
                    .setAttribute("ledger.up_to", window.window().upTo())
                    .startSpan();
            end(span, window.began().plus(window.took()), false);
        }
    }

    void worked(JobObserver.Work work) {
        if (provider.isPresent()) {
            Span span = tracer.spanBuilder("job step")
                    .setNoParent()
                    .setStartTimestamp(work.began())
                    .setAttribute("ledger.job", work.job())
                    .setAttribute("ledger.execution", work.execution().toString())
                    .setAttribute("ledger.step", work.step())
                    .startSpan();
            end(span, work.began().plus(work.took()), work.failed());
        }
    }

    private static void end(Span span, Instant at, boolean failed) {
        if (failed) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end(at);
    }

    /** Sends what is left, for a moment. */
    @Override
    public void close() {
        provider.ifPresent(sdk -> sdk.shutdown().join(CLOSING.toMillis(), TimeUnit.MILLISECONDS));
    }
}
