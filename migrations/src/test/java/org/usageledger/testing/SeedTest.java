package org.usageledger.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeedTest {

    @Test
    void the_same_seed_yields_the_same_numbers() {
        Seed seed = Seed.forRun();

        assertThat(seed.generator().longs(100).toArray())
                .isEqualTo(seed.generator().longs(100).toArray());
    }
}
