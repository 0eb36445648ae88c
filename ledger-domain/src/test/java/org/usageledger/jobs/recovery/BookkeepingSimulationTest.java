package org.usageledger.jobs.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.usageledger.jobs.recovery.Simulation.Breach;
import org.usageledger.testing.Seed;

class BookkeepingSimulationTest {
    private static final int RUNS = 2_000;
    private static final int RUNS_OF_A_MUTANT = 1_000;

    private static final Map<Variant, Set<Breach>> CAUGHT_BY = new EnumMap<>(Map.ofEntries(
            Map.entry(Variant.DRAINS_BEFORE_IT_LISTS, EnumSet.of(Breach.TWICE_HERE)),
            Map.entry(Variant.ONE_LISTING_SUFFICES, EnumSet.of(Breach.TWICE_HERE)),
            Map.entry(Variant.TWO_LISTINGS_SUFFICE, EnumSet.of(Breach.TWICE_HERE)),
            Map.entry(Variant.SAYS_STARTING_AFTER_THE_ROW, EnumSet.of(Breach.TWICE_HERE)),
            Map.entry(Variant.SKIPS_UNREADABLE_ROWS, EnumSet.of(Breach.ALARM)),
            Map.entry(Variant.SKIPS_UNREADABLE_ROWS_AND_INFERS, EnumSet.of(Breach.TWICE_HERE)),
            Map.entry(Variant.TAKES_A_FAILED_LISTING_FOR_AN_EMPTY_ONE, EnumSet.of(Breach.ALARM)),
            Map.entry(Variant.ASKS_ABOUT_WHAT_BEGAN_AFTER_THE_LISTING, EnumSet.of(Breach.ALARM)),
            Map.entry(Variant.FORGETS_WHAT_IS_FENCED, EnumSet.of(Breach.TWICE_HERE)),
            Map.entry(Variant.FORGETS_WHAT_IS_IN_DOUBT, EnumSet.of(Breach.ALARM)),
            Map.entry(Variant.BELIEVES_ITS_LISTING_WHEN_IT_CLAIMS, EnumSet.of(Breach.AFTER_THE_END)),
            Map.entry(Variant.SAYS_NOTHING_OF_ITS_CLAIMS, EnumSet.of(Breach.TWICE_HERE))));

    private final long firstSeed = Seed.forRun().generator().nextLong();

    @Test
    void whatever_overtakes_whatever_nothing_is_carried_out_twice_or_lost_or_left_behind() {
        Simulation.Figures sum = new Simulation.Figures();

        for (long seed = firstSeed; seed != firstSeed + RUNS; seed++) {
            Simulation.Result result = Simulation.run(seed, Variant.AS_IT_IS);
            assertThat(result.breaches()).as("simulation of seed %d", seed).isEmpty();
            sum.add(result.figures());
        }

        assertThat(LongStream.of(
                        sum.passes,
                        sum.crashes,
                        sum.failedListings,
                        sum.claims,
                        sum.ended,
                        sum.inferred,
                        sum.fenced,
                        sum.doubts))
                .as("passes, crashes, failed listings, claims, ends, inferred ends, fenced and inserts in doubt")
                .allMatch(count -> count > RUNS / 2);
    }

    @Test
    void the_same_seed_gives_the_same_run() {
        assertThat(Simulation.run(firstSeed, Variant.AS_IT_IS).figures().toString())
                .isEqualTo(Simulation.run(firstSeed, Variant.AS_IT_IS).figures().toString());
    }

    @ParameterizedTest
    @EnumSource(value = Variant.class, mode = EnumSource.Mode.EXCLUDE, names = "AS_IT_IS")
    void bookkeeping_that_is_wrong_in_one_respect_is_caught(Variant mutant) {
        Set<Breach> expected = CAUGHT_BY.getOrDefault(mutant, Set.of());

        Set<Breach> seen = EnumSet.noneOf(Breach.class);
        for (long seed = firstSeed; seed != firstSeed + RUNS_OF_A_MUTANT && !seen.containsAll(expected); seed++) {
            seen.addAll(Simulation.run(seed, mutant).breaches());
        }

        assertThat(expected).isNotEmpty();
        assertThat(seen).as("breaches within %d runs", RUNS_OF_A_MUTANT).containsAll(expected);
    }
}
