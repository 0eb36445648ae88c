package org.usageledger.testing;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Where a random test's randomness comes from. Printed when drawn, so that a failure can be run again with the system property {@code
 * ledger.seed}.
 */
public record Seed(long value) {

    /** The seed given to the run, or a fresh one. */
    public static Seed forRun() {
        String given = System.getProperty("ledger.seed", "");
        Seed seed = new Seed(given.isBlank() ? System.nanoTime() : Long.parseLong(given.strip()));
        System.out.println("ledger.seed=" + seed.value());
        return seed;
    }

    /** A generator that yields the same numbers for the same seed on every machine. */
    public RandomGenerator generator() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(value);
    }
}
