package org.usageledger.api.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContestTest {
    private static final BenchPlan PLAN = new BenchPlan(3, Duration.ofNanos(1), 1, Duration.ofNanos(1));

    private final List<String> calls = new ArrayList<>();

    @Test
    void contenders_take_turns_and_what_is_prepared_is_not_on_the_clock() throws Exception {
        new Contest("a contest", PLAN, line -> {}).measure(List.of(new Told("A"), new Told("B")), true);

        assertThat(calls.subList(0, 6))
                .containsExactly("prepare A", "run A", "settle A", "prepare B", "run B", "settle B");
    }

    @Test
    void the_warming_sample_does_not_count() throws Exception {
        Map<String, Samples> cold = new Contest("a contest", PLAN, line -> {}).measure(List.of(new Told("A")), false);

        assertThat(calls.stream().filter("run A"::equals)).hasSize(4);
        assertThat(cold)
                .hasEntrySatisfying("A", samples -> assertThat(samples.values()).hasSize(3));
    }

    @Test
    void the_middle_of_the_samples_is_what_is_told() {
        assertThat(new Samples(List.of(9.0, 1.0, 5.0)).median()).isEqualTo(5);
        assertThat(new Samples(List.of(9.0, 1.0, 5.0, 7.0)).median()).isEqualTo(6);
    }

    private final class Told implements Contender {
        private final String name;

        Told(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void prepare() {
            calls.add("prepare " + name);
        }

        @Override
        public long run() {
            calls.add("run " + name);
            return 1;
        }

        @Override
        public void settle() {
            calls.add("settle " + name);
        }
    }
}
