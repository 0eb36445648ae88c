package org.usageledger.api.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.api.launcher.LauncherBox.Run;
import org.usageledger.api.launcher.LauncherBox.Started;

class LauncherTest {

    @TempDir
    private Path folder;

    private LauncherBox box;

    @BeforeEach
    void lay_out_a_checkout() throws IOException {
        box = new LauncherBox(folder.toRealPath(), Path.of("..", "ledger"));
    }

    @Nested
    class LookingForAJdk {

        @Test
        void without_one_it_says_in_one_sentence_what_to_install() throws Exception {
            box.jdk("17.0.15");
            box.jdk("24.0.1");

            Run run = box.run("serve");

            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines())
                    .singleElement()
                    .asString()
                    .contains("JDK 25")
                    .contains("install")
                    .endsWith(".");
            assertThat(box.builds()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"25", "25.0.3", "25-ea", "26.0.1"})
        void one_in_the_usual_folders_is_taken_whatever_stands_before_it(String version) throws Exception {
            box.jdk("17.0.15");
            Path suitable = box.jdk(version);

            assertThat(box.run("--jdk").out()).isEqualTo(suitable + "\n");
        }

        @Test
        void the_environment_goes_first() throws Exception {
            box.jdk("25.0.3");
            Path named = box.jdk(folder.toRealPath().resolve("else where"), "26");

            assertThat(box.with("JAVA_HOME", named.toString()).run("--jdk").out())
                    .isEqualTo(named + "\n");
        }

        @Test
        void an_old_one_in_java_home_is_passed_over() throws Exception {
            Path suitable = box.jdk("25.0.3");
            Path old = box.jdk(folder.toRealPath().resolve("old"), "17.0.15");

            assertThat(box.with("JAVA_HOME", old.toString()).run("--jdk").out()).isEqualTo(suitable + "\n");
        }

        @Test
        void an_old_one_that_was_asked_for_by_name_is_refused() throws Exception {
            box.jdk("25.0.3");
            Path old = box.jdk(folder.toRealPath().resolve("old"), "17.0.15");

            Run run = box.with("LEDGER_JAVA_HOME", old.toString()).run("--version");

            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains("LEDGER_JAVA_HOME is " + old);
        }

        @Test
        void java_on_the_path_leads_to_its_home() throws Exception {
            Path home = box.jdk(folder.toRealPath().resolve("linked"), "25.0.1");
            Files.createSymbolicLink(folder.toRealPath().resolve("bin/java"), home.resolve("bin/java"));

            assertThat(box.run("--jdk").out()).isEqualTo(home + "\n");
        }

        @Test
        void a_bundle_of_macos_is_looked_into() throws Exception {
            Path home = box.jdk(box.jdks.resolve("temurin-25.jdk/Contents/Home"), "25.0.3");

            assertThat(box.run("--jdk").out()).isEqualTo(home + "\n");
        }
    }

    @Nested
    class Running {

        @BeforeEach
        void have_a_jdk() throws IOException {
            box.jdk("25.0.3");
        }

        @Test
        void it_becomes_the_service_and_keeps_the_callers_folder_and_words() throws Exception {
            Run run = box.with("LEDGER_JAVA_OPTS", "-Xmx256m -Da=*").run("append", "a file.json", "");

            assertThat(run.exit()).isZero();
            assertThat(run.out())
                    .contains("pid " + run.pid() + "\n")
                    .contains(" in " + folder.toRealPath() + "\n")
                    .contains("argument -Xmx256m\nargument -Da=*\nargument -jar\n")
                    .endsWith("ledger-api.jar\nargument append\nargument a file.json\nargument \n");
        }

        @Test
        void the_commands_exit_code_is_its_own() throws Exception {
            assertThat(box.with("FAKE_EXIT", "2").run("events", "--bogus").exit())
                    .isEqualTo(2);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "C", "POSIX"})
        void in_the_plain_locale_it_can_still_name_every_folder(String locale) throws Exception {
            assertThat(box.with("LANG", locale).run("--version").out()).contains("locale C.UTF-8\n");
        }

        @Test
        void a_locale_that_was_chosen_is_kept() throws Exception {
            assertThat(box.with("LANG", "de_DE.UTF-8").run("--version").out()).contains("locale \n");
        }

        @Test
        void it_is_found_through_links() throws Exception {
            Files.createSymbolicLink(folder.toRealPath().resolve("link"), box.checkout.resolve("ledger"));
            Path second = Files.createSymbolicLink(folder.toRealPath().resolve("second"), Path.of("link"));

            assertThat(box.start(second, box.jdks, "--version").await().out()).contains(box.checkout.toString());
        }

        @Test
        void starts_are_prepared_and_used_from_then_on() throws Exception {
            assertThat(box.run("--version").out()).containsPattern("argument -XX:AOTCache=.*\\.aot\n");
        }
    }

    @Nested
    class Building {

        @BeforeEach
        void have_a_jdk() throws IOException {
            box.jdk("25.0.3");
        }

        @Test
        void happens_once_and_speaks_on_stderr_only() throws Exception {
            Run first = box.run("--version");
            Run second = box.run("--version");

            assertThat(first.err()).contains("[4/6] domain").contains("Built in");
            assertThat(first.out()).doesNotContain("domain");
            assertThat(second.err()).isEmpty();
            assertThat(box.builds()).hasSize(1);
        }

        @Test
        void follows_the_content_of_the_sources_and_not_their_times() throws Exception {
            box.run("--version");
            Path source = box.checkout.resolve("ledger-api/src/main/java/A.java");
            Files.setLastModifiedTime(source, FileTime.from(Instant.parse("2031-01-01T00:00:00Z")));
            box.write("ledger-api/src/test/java/ATest.java", "class ATest {}");
            box.run("--version");
            assertThat(box.builds()).hasSize(1);

            FileTime before = Files.getLastModifiedTime(source);
            box.write("ledger-api/src/main/java/A.java", "class B {}");
            Files.setLastModifiedTime(source, before);
            box.run("--version");
            assertThat(box.builds()).hasSize(2);
        }

        @Test
        void happens_once_when_two_start_together() throws Exception {
            Started one = box.start("--version");
            Started two = box.start("--version");

            assertThat(one.await().exit()).isZero();
            assertThat(two.await().exit()).isZero();
            assertThat(box.builds()).hasSize(1);
        }

        @Test
        void goes_on_where_a_builder_died() throws Exception {
            box.write("target/ledger/lock/pid", "999999999\n");

            assertThat(box.run("--version").exit()).isZero();
        }

        @Test
        void that_fails_shows_why_and_where_the_log_is() throws Exception {
            Run run = box.with("FAKE_BUILD_FAILS", "yes").run("serve");

            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains("it does not compile").contains(box.checkout + "/target/ledger-build.log");
        }

        @Test
        void is_refused_in_one_sentence_where_nothing_can_be_written() throws Exception {
            box.write("target", "not a folder");

            Run run = box.run("serve");

            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err().lines()).singleElement().asString().contains("may not write to " + box.checkout);
        }
    }

    @Nested
    class Testing {

        @BeforeEach
        void have_a_jdk() throws IOException {
            box.jdk("25.0.3");
        }

        @ParameterizedTest
        @ValueSource(strings = {"--bogus", "--rounds", "--rounds=0", "--rounds=x", "--seed=x", "more"})
        void what_it_does_not_know_is_refused(String option) throws Exception {
            Run run = box.run("test", option);

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("./ledger test --help");
            assertThat(box.builds()).isEmpty();
        }

        @Test
        void help_teaches_without_a_build() throws Exception {
            Run run = box.run("test", "--help");

            assertThat(run.exit()).isZero();
            assertThat(run.out()).contains("--rounds N", "--seed S", "--faults", "--soak");
            assertThat(box.builds()).isEmpty();
        }

        @Test
        void everything_is_verified_and_the_closing_lines_are_shown() throws Exception {
            Run run = box.run("test", "--seed", "7", "--faults", "--soak");

            assertThat(run.exit()).isZero();
            assertThat(run.out()).contains("[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0");
            assertThat(box.builds().getLast())
                    .contains("-Dledger.seed=7", "-Dledger.faults=long", "-Dledger.soak=true")
                    .endsWith("verify");
        }

        @Test
        void rounds_repeat_the_process_level_tests_only() throws Exception {
            assertThat(box.run("test", "--rounds", "3").out()).contains("3 rounds passed");

            assertThat(box.builds()).filteredOn(call -> call.endsWith("verify")).hasSize(3);
            assertThat(box.builds())
                    .filteredOn(call -> call.contains("process-tests-only=true"))
                    .hasSize(2);
        }

        @Test
        void a_failure_says_how_to_repeat_it() throws Exception {
            box.run("--version");

            Run run = box.with("FAKE_BUILD_FAILS", "yes").run("test", "--seed", "7");

            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.out()).contains("[ERROR] it does not compile").contains("./ledger test --seed 7");
        }
    }
}
