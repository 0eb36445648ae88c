package org.usageledger.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.usageledger.lifecycle.Effect;
import org.usageledger.retention.Trial.Breach;
import org.usageledger.testing.Seed;

/** Retention of random histories, held against the words of its rule and against what runs. */
class ForgettingTest {
    private static final int HISTORIES = 20_000 * Integer.getInteger("ledger.histories", 1);
    private static final int HISTORIES_OF_A_MUTANT = 5_000;

    private static final Map<Variant, Set<Breach>> CAUGHT_BY = new EnumMap<>(Map.of(
            Variant.JUDGES_AMONG_OLD_ONES_ONLY, EnumSet.of(Breach.OTHER_RUNS),
            Variant.DELETES_ENDINGS_FIRST, EnumSet.of(Breach.OTHER_RUNS_MEANWHILE),
            Variant.A_LATER_SIZE_NEED_NOT_BE_OLD, EnumSet.of(Breach.NOT_THE_RULE),
            Variant.A_BASELINE_SIZES, EnumSet.of(Breach.OTHER_RUNS),
            Variant.WHAT_BEGAN_THE_RUN_GOES_TOO, EnumSet.of(Breach.OTHER_RUNS),
            Variant.A_YOUNG_ENDING_SUFFICES, EnumSet.of(Breach.NOT_THE_RULE),
            Variant.AN_OLD_ENDING_GOES, EnumSet.of(Breach.OTHER_RUNS),
            Variant.RUNS_BY_TIME, EnumSet.of(Breach.OTHER_RUNS)));

    private final RandomGenerator random = Seed.forRun().generator();

    @Test
    void what_runs_is_the_same_by_what_remains_whenever_and_however_often_it_is_deleted_and_broken_off() {
        for (int i = 0; i < HISTORIES; i++) {
            Trial trial = new Trial(random, Variant.AS_IT_IS);
            assertThat(trial.breaches()).as("%s", trial).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Variant.class, mode = EnumSource.Mode.EXCLUDE, names = "AS_IT_IS")
    void retention_that_is_wrong_in_one_respect_is_caught(Variant mutant) {
        Set<Breach> expected = CAUGHT_BY.getOrDefault(mutant, Set.of());
        Set<Breach> seen = EnumSet.noneOf(Breach.class);
        for (int i = 0; i < HISTORIES_OF_A_MUTANT && !seen.containsAll(expected); i++) {
            seen.addAll(new Trial(random, mutant).breaches());
        }
        assertThat(expected).isNotEmpty();
        assertThat(seen).containsAll(expected);
    }

    @Test
    void events_that_are_not_in_the_order_of_the_log_are_refused() {
        List<Aged> events = List.of(new Aged(2, Effect.BEGINS, true), new Aged(2, Effect.ENDS, true));

        assertThatThrownBy(() -> Forgetting.judge(events))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("position 2 after 2");
    }
}
