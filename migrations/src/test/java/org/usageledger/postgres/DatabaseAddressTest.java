package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://ledger:hidden1@db/ledger",
                "jdbc:postgresql://ledger:hidden1@db/ledger?x=hidden1",
                "jdbc:mysql://db?password=hidden1",
                "hidden1"
            })
    void what_is_no_address_is_known_as_such_and_shows_no_password_either(String url) {
        assertThat(DatabaseAddress.isOne(url)).isFalse();
        assertThat(new DatabaseAddress(url, "ledger", "hidden2").toString()).doesNotContain("hidden1", "hidden2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql:ledger",
                "jdbc:postgresql://db/ledger",
                "jdbc:postgresql://a:1,[::1]:2/ledger?user=u@realm"
            })
    void addresses_of_the_drivers_forms_are_taken(String url) {
        assertThat(DatabaseAddress.isOne(url)).isTrue();
    }

    @Test
    void shows_neither_the_password_nor_one_among_the_parameters() {
        DatabaseAddress address =
                new DatabaseAddress("jdbc:postgresql://db:5432/ledger?password=hidden1&ssl=true", "ledger", "hidden2");
        assertThat(address.toString()).contains("db:5432/ledger", "ledger").doesNotContain("hidden1", "hidden2", "ssl");
        assertThat(address.shown()).isEqualTo("jdbc:postgresql://db:5432/ledger");
    }
}
