package org.usageledger.api.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One figure, with what it is held against.
 *
 * @param value median, in the unit
 * @param against what the reference is
 * @param reference its median, in the same unit
 * @param ratio larger is better
 * @param bar what the ratio should reach; null where it is only reported
 * @param samples of the value, in the order they were taken
 * @param references of the reference, taken in turns with them
 */
record Measure(
        String name,
        double value,
        String unit,
        String against,
        double reference,
        double ratio,
        @Nullable Double bar,
        List<Double> samples,
        List<Double> references) {
    Measure {
        samples = List.copyOf(samples);
        references = List.copyOf(references);
    }

    /** A rate against another one. */
    static Measure of(String name, Samples value, String unit, Against against) {
        return new Measure(
                name,
                value.median(),
                unit,
                against.what(),
                against.samples().median(),
                value.median() / against.samples().median(),
                against.bar(),
                value.values(),
                against.samples().values());
    }

    /** What a rate is held against. */
    record Against(String what, Samples samples, @Nullable Double bar) {}

    /** Whether it is good enough; what is only reported always is. */
    boolean pass() {
        return bar == null || ratio >= bar;
    }
}
