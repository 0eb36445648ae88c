package org.usageledger.api.observe;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where spans are sent, if anywhere.
 *
 * @param exporter made when the service starts; empty: no span is made
 * @param ratio of the traces that begin here, 0 to 1; of others their senders decide
 * @param service the name under which spans are shown
 */
public record TraceSettings(Optional<Supplier<SpanExporter>> exporter, double ratio, String service) {
    /** Under which spans are shown by default. */
    public static final String SERVICE = "usage-ledger";

    /** No spans. */
    public static final TraceSettings OFF = new TraceSettings(Optional.empty(), 1, SERVICE);

    private static final Duration SENDING = Duration.ofSeconds(10);

    /**
     * By OTLP over HTTP.
     *
     * @param endpoint of the collector, without the path of traces
     * @param headers sent along; they may be secret
     */
    public static Supplier<SpanExporter> otlp(URI endpoint, Map<String, String> headers) {
        return () -> {
            String base = endpoint.toString();
            OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder()
                    .setEndpoint((base.endsWith("/") ? base : base + "/") + "v1/traces")
                    .setTimeout(SENDING);
            headers.forEach(exporter::addHeader);
            return exporter.build();
        };
    }

    /** Headers may hold a token. */
    @Override
    public String toString() {
        return "TraceSettings[" + (exporter.isPresent() ? "sent" : "off") + ", ratio " + ratio + "]";
    }
}
