package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DatabaseAddressTest {

    @Test
    void shows_neither_the_password_nor_one_among_the_parameters() {
        DatabaseAddress address =
                new DatabaseAddress("jdbc:postgresql://db:5432/ledger?password=hidden1&ssl=true", "ledger", "hidden2");
        assertThat(address.toString()).contains("db:5432/ledger", "ledger").doesNotContain("hidden1", "hidden2", "ssl");
        assertThat(address.shown()).isEqualTo("jdbc:postgresql://db:5432/ledger");
    }
}
