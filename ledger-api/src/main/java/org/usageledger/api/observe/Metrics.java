package org.usageledger.api.observe;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What is counted, and how it is shown. Every label has a known number of values: nothing that a sender chose becomes one.
 *
 * <p>A ledger has metrics of its own: several may run in one process.
 */
final class Metrics {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    /** From the fastest flush of a disk to the longest wait of a request. */
    private static final double[] SECONDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
    };

    private static final double[] SIZES = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000};
    private static final double NANOS = 1e9;

    private final PrometheusRegistry registry = new PrometheusRegistry();

    /** In seconds, of something that lasts. */
    Histogram seconds(String name, String help, String... labels) {
        return histogram(name, help, SECONDS, labels);
    }

    /** In numbers of things. */
    Histogram sizes(String name, String help, String... labels) {
        return histogram(name, help, SIZES, labels);
    }

    private Histogram histogram(String name, String help, double[] bounds, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .classicOnly()
                .classicUpperBounds(bounds)
                .withoutExemplars()
                .labelNames(labels)
                .register(registry);
    }

    /** {@code name} without the ending {@code _total}, with which it is shown. */
    Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name(name)
                .help(help)
                .withoutExemplars()
                .labelNames(labels)
                .register(registry);
    }

    /** A counter that somebody else keeps. */
    void counted(String name, String help, LongSupplier count) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(shown -> shown.call((double) count.getAsLong()))
                .register(registry);
    }

    /** Counters that somebody else keeps, by one label. */
    void counted(String name, String help, String label, Supplier<? extends Map<String, Long>> counts) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(shown -> counts.get().forEach((value, count) -> shown.call((double) count, value)))
                .labelNames(label)
                .register(registry);
    }

    /** Values of the moment in which they are asked for. */
    void gauge(String name, String help, Consumer<GaugeWithCallback.Callback> values, String... labels) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(values)
                .labelNames(labels)
                .register(registry);
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }

    /** Everything, in the text form of Prometheus. */
    byte[] scrape() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 << 10);
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("writing metrics into memory", e);
        }
        return out.toByteArray();
    }
}
