package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostmasterFileTest {

    private static final List<String> WHOLE =
            List.of("4711", "/data/postgresql", "1790000000", "40123", "", "127.0.0.1", "  5432001   7", "ready   ");

    @Test
    void a_whole_file_is_read() {
        assertThat(PostmasterFile.parse(WHOLE))
                .contains(new PostmasterFile(4711, Path.of("/data/postgresql"), 1_790_000_000L, 40_123, "ready"));
        assertThat(PostmasterFile.parse(WHOLE)).map(PostmasterFile::ready).contains(true);
    }

    @Test
    void one_that_is_still_being_written_is_not_ready_yet() {
        assertThat(PostmasterFile.parse(WHOLE.subList(0, 3))).isEmpty();
        assertThat(PostmasterFile.parse(WHOLE.subList(0, 5)))
                .map(PostmasterFile::ready)
                .contains(false);
    }

    @Test
    void nonsense_is_no_server() {
        assertThat(PostmasterFile.parse(List.of("a", "b", "c", "d"))).isEmpty();
    }
}
