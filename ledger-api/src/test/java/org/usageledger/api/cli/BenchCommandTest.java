package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usageledger.api.cli.Benchmarks.Measured;
import org.usageledger.api.cli.Benchmarks.Wanted;

class BenchCommandTest {
    private final List<Wanted> wanted = new ArrayList<>();

    @Test
    void without_a_group_all_are_measured() {
        assertThat(measuring(true).run("bench").code()).isZero();

        assertThat(wanted.getFirst().groups()).isEqualTo(Set.of("append", "read"));
        assertThat(wanted.getFirst().quick()).isFalse();
    }

    @Test
    void what_is_asked_for_is_measured_and_printed_for_programs() {
        CommandRun run = measuring(true).run("bench", "read", "--json", "--quick", "--data", "somewhere");

        assertThat(run.out()).isEqualTo("{}\n");
        assertThat(wanted.getFirst()).isEqualTo(new Wanted(Set.of("read"), Optional.of(Path.of("somewhere")), true));
    }

    @Test
    void a_bar_that_is_not_reached_is_a_failure() {
        assertThat(measuring(false).run("bench").code()).isEqualTo(1);
    }

    @Test
    void an_unknown_group_is_wrong_use_and_nothing_is_measured() {
        CommandRun run = measuring(true).run("bench", "appends");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("appends").contains("append, read");
        assertThat(wanted).isEmpty();
    }

    @Test
    void the_page_and_its_plot_are_written(@TempDir Path folder) {
        measuring(true).run("bench", "--page", folder.resolve("docs").toString());

        assertThat(folder.resolve("docs/performance.md")).hasContent("# page");
        assertThat(folder.resolve("docs/performance.svg")).hasContent("<svg/>");
    }

    private CommandRun.Builder measuring(boolean passed) {
        return new CommandRun.Builder().measuring((asked, progress) -> {
            wanted.add(asked);
            return new Measured("{}\n", "table\n", "# page", "<svg/>", passed);
        });
    }
}
