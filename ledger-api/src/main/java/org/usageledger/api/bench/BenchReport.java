package org.usageledger.api.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.usageledger.api.cli.Benchmarks.Measured;

/** The same figures for programs, for people, and for the documentation. */
record BenchReport(Machine machine, BenchPlan plan, List<Measure> measures) {
    private static final JsonMapper JSON = new JsonMapper();

    Measured measured() {
        return new Measured(json(), text(), page(), new RatioPlot(measures).svg(), passed());
    }

    private boolean passed() {
        return measures.stream().allMatch(Measure::pass);
    }

    private String json() {
        ObjectNode report = JSON.createObjectNode();
        report.put("machine", machine.words());
        ArrayNode all = report.putArray("measures");
        for (Measure measure : measures) {
            ObjectNode one = all.addObject();
            one.put("name", measure.name());
            one.put("value", rounded(measure.value()));
            one.put("unit", measure.unit());
            one.put("against", measure.against());
            one.put("reference", rounded(measure.reference()));
            one.put("ratio", rounded(measure.ratio()));
            one.put("bar", measure.bar());
            one.put("pass", measure.pass());
            measure.samples().forEach(one.putArray("samples")::add);
            measure.references().forEach(one.putArray("reference_samples")::add);
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing JSON from a tree", e);
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private String text() {
        String lines = measures.stream().map(BenchReport::line).collect(Collectors.joining());
        return machine.words() + "\n\n" + lines;
    }

    private static String line(Measure measure) {
        return String.format(
                Locale.ROOT,
                "%-8s %s%n         %s %s; %s: %s; ratio %.2f%s%n",
                measure.bar() == null ? "REPORT" : measure.pass() ? "PASS" : "FAIL",
                measure.name(),
                figure(measure.value()),
                measure.unit(),
                measure.against(),
                figure(measure.reference()),
                measure.ratio(),
                measure.bar() == null ? "" : String.format(Locale.ROOT, ", bar %.1f", measure.bar()));
    }

    private static String figure(double value) {
        return value >= 100 ? String.format(Locale.ROOT, "%,.0f", value) : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String spread(List<Double> samples) {
        if (samples.isEmpty()) {
            return "";
        }
        Samples all = new Samples(samples);
        return " (" + figure(all.least()) + "–" + figure(all.most()) + ")";
    }

    private String page() {
        String rows = measures.stream()
                .map(measure -> String.format(
                        Locale.ROOT,
                        "| %s | %s%s %s | %s: %s%s | %.2f | %s |%n",
                        measure.name(),
                        figure(measure.value()),
                        spread(measure.samples()),
                        measure.unit(),
                        measure.against(),
                        figure(measure.reference()),
                        spread(measure.references()),
                        measure.ratio(),
                        measure.bar() == null ? "–" : measure.bar() + (measure.pass() ? "" : " **missed**")))
                .collect(Collectors.joining());
        return String.format("""
                # Performance

                Made by `./ledger bench append read --page docs` on one machine: %s. The ratios are what carries over to others.
                Each figure is the median of %d samples of at least %d s (least and most in brackets); contenders take turns within each
                sample, after one that does not count. Rows are counted and positions checked for holes afterwards, against what the
                callers were told, or the run is refused. Who reads over HTTP does so on the measuring thread, over one plain connection,
                and looks for every event of a page: on few cores the reader's own work is part of the figure.

                ![Ratios and their bars](performance.svg)

                | measure | value | held against | ratio | bar |
                |---|---|---|---|---|
                %s""", machine.words(), plan.samples(), plan.sample().toSeconds(), rows);
    }
}
