package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
    @Test
    void a_cursor_is_read_back_as_it_was_written() {
        assertThat(Cursor.parse(new Cursor(1, 4711, 0).toString())).contains(new Cursor(1, 4711, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1-2",
                "1-2-3-4",
                "0-1-0",
                "01-1-0",
                "1-01-0",
                "-1-1-0",
                "1--1-0",
                "1-1-0 ",
                "1-1-x",
                "1-9999999999999999999-0",
                "9999999999-1-0",
                "1-1-9999999999999999999",
                "１-1-0",
                "1-1-0\n"
            })
    void anything_else_is_none(String text) {
        assertThat(Cursor.parse(text)).isEmpty();
    }
}
