package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;

class FaultTest {
    @ParameterizedTest(name = "{0} ({2}) is {1}")
    @CsvSource({
        "55P03, HELD_COUNTER, lock not available",
        "55006, PASSING, object in use",
        "53100, PASSING, disk full",
        "53300, PASSING, too many connections",
        "57P01, PASSING, ended by an operator",
        "57P03, PASSING, starting up",
        "57014, PASSING, cancelled",
        "40P01, PASSING, deadlock",
        "40001, PASSING, serialization",
        "25006, PASSING, read only",
        "25P03, PASSING, idle in transaction for too long",
        "25P04, PASSING, transaction timeout",
        "08006, PASSING, connection lost",
        "58030, PASSING, input or output",
        "21000, IN_A_REQUEST, more rows than one",
        "22021, IN_A_REQUEST, a character that the encoding lacks",
        "22008, IN_A_REQUEST, a time out of range",
        "23514, IN_A_REQUEST, a check of the table",
        "23505, IN_A_REQUEST, unique key",
        "54000, IN_A_REQUEST, a value too large for an index",
        "42501, NOT_UNDERSTOOD, no privilege",
        "42P01, NOT_UNDERSTOOD, no such table",
        "P0001, NOT_UNDERSTOOD, raised by a function",
        "XX000, NOT_UNDERSTOOD, internal error"
    })
    void a_state_of_the_database_says_whose_fault_it_is(String state, Fault fault, String meaning) {
        assertThat(Fault.of(new SQLException(meaning, state))).isEqualTo(fault);
    }

    @ParameterizedTest
    @NullSource
    @CsvSource({"''", "X"})
    void a_fault_without_a_proper_state_may_pass(@Nullable String state) {
        assertThat(Fault.of(new SQLException("of the driver", state))).isEqualTo(Fault.PASSING);
    }
}
