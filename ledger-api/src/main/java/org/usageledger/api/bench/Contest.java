package org.usageledger.api.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets contenders take turns, slice by slice, so that whatever else the machine does meets all of them alike. A sample is as many rounds as it
 * takes for each to have been on the clock for the time that was asked for; its rate is all that was done by all of that time.
 */
final class Contest {
    private final String name;
    private final BenchPlan plan;
    private final Consumer<String> progress;

    Contest(String name, BenchPlan plan, Consumer<String> progress) {
        this.name = name;
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Measures, after a sample that does not count.
     *
     * @param warm whether the contenders have run before, so that nothing has to be thrown away
     * @return for each contender its rates, done per second, a sample each
     */
    Map<String, Samples> measure(List<? extends Contender> contenders, boolean warm) throws Exception {
        if (!warm) {
            progress.accept(name + ": warming up");
            sample(contenders);
        }
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int i = 1; i <= plan.samples(); i++) {
            progress.accept(name + ": sample " + i + " of " + plan.samples());
            sample(contenders)
                    .forEach((contender, rate) -> rates.computeIfAbsent(contender, none -> new ArrayList<>())
                            .add(rate));
        }
        Map<String, Samples> measured = new LinkedHashMap<>();
        rates.forEach((contender, values) -> measured.put(contender, new Samples(values)));
        return measured;
    }

    private Map<String, Double> sample(List<? extends Contender> contenders) throws Exception {
        List<Clocked> clocks = contenders.stream().map(Clocked::new).toList();
        while (clocks.stream().anyMatch(clock -> clock.shorterThan(plan.sample()))) {
            for (Clocked clock : clocks) {
                clock.slice();
            }
        }
        Map<String, Double> rates = new LinkedHashMap<>();
        clocks.forEach(clock -> rates.put(clock.contender.name(), clock.rate()));
        return rates;
    }

    private static final class Clocked {
        private final Contender contender;
        private long nanos;
        private long done;

        Clocked(Contender contender) {
            this.contender = contender;
        }

        void slice() throws Exception {
            contender.prepare();
            long from = System.nanoTime();
            done += contender.run();
            nanos += System.nanoTime() - from;
            contender.settle();
        }

        boolean shorterThan(Duration wanted) {
            return nanos < wanted.toNanos();
        }

        double rate() {
            return done * 1e9 / nanos;
        }
    }
}
