package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeFileTest {
    @TempDir
    Path folder = Path.of("");

    private Path file() {
        return folder.resolve("node");
    }

    @Test
    void a_name_is_made_once_and_read_ever_after() throws IOException {
        String name = NodeFile.readOrCreate(file());

        assertThat(name).matches("node-[0-9a-f]{8}");
        assertThat(NodeFile.readOrCreate(file())).isEqualTo(name);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void a_name_that_somebody_wrote_is_kept() throws IOException {
        Files.writeString(file(), "ledger-west.1\n");

        assertThat(NodeFile.readOrCreate(file())).isEqualTo("ledger-west.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "two names", "one\ntwo", "a;b", "caf\u00e9", "a\u0000b"})
    void what_is_no_name_is_refused(String text) throws IOException {
        Files.writeString(file(), text);

        assertThatThrownBy(() -> NodeFile.readOrCreate(file()))
                .isInstanceOf(PostgresUnavailable.class)
                .hasMessageContaining("holds no node name");
        assertThat(Files.readString(file())).as("left as it was").isEqualTo(text);
    }

    @Test
    void a_file_that_is_too_long_is_refused_without_being_read() throws IOException {
        Files.write(file(), new byte[100_000]);

        assertThatThrownBy(() -> NodeFile.readOrCreate(file())).hasMessageContaining("holds no node name");
    }

    @Test
    void a_file_that_cannot_be_read_is_refused() throws IOException {
        Files.createDirectory(file());

        assertThatThrownBy(() -> NodeFile.readOrCreate(file())).isInstanceOf(PostgresUnavailable.class);
    }
}
