package org.usageledger.api.house;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HouseTest {

    private static final Checkout CHECKOUT = Checkout.here();
    private static final List<Source> SOURCES = CHECKOUT.sources();

    @Nested
    class Sizes {

        @Test
        void a_file_fits_into_one_reading() {
            Gate.because("A file has at most 300 lines: past that it holds two things.")
                    .check(SizeRules.longFiles(SOURCES));
        }

        @Test
        void a_method_fits_onto_one_screen() {
            Gate.because("A method has at most 40 lines: past that its steps want names.")
                    .check(SizeRules.longMethods(SOURCES));
        }

        @Test
        void a_call_can_be_read_without_counting() {
            Gate.because("A method takes at most 5 parameters: past that some of them are one thing.")
                    .except(Map.of(
                            "ledger-api/src/main/java/org/usageledger/api/http/ContentWriter.java#writePiece",
                            "implements a method of the HTTP server's, whose parameters these are"))
                    .check(SizeRules.manyParameters(SOURCES));
        }

        @Test
        void a_branch_stands_in_sight_of_its_condition() {
            Gate.because("Statements nest at most 3 deep: past that the inner part is a method.")
                    .check(SizeRules.deepNesting(SOURCES));
        }
    }

    @Nested
    class Names {

        @Test
        void types_are_named_after_what_they_are() {
            Gate.because(
                            "Util, Helper, Manager, Impl, Base, Common, Misc, Data and Info name nothing: use the field's words.")
                    .check(NameRules.emptyNames(SOURCES));
        }

        @Test
        void public_types_say_what_they_promise() {
            Gate.because("A public type has a docstring: what it is for, units, errors, where its rule comes from.")
                    .check(NameRules.publicTypesWithoutDocstring(SOURCES));
        }

        @Test
        void every_package_is_null_marked() {
            Gate.because(
                            "Every package has a package-info.java with @NullMarked: without it null-safety is not checked there.")
                    .check(NameRules.unmarkedPackages(SOURCES));
        }
    }

    @Nested
    class Tests {

        @Test
        void nothing_sleeps() {
            Gate.because("Nothing sleeps: wait on a condition, with a deadline that says what was seen last.")
                    .check(NameRules.sleeps(SOURCES));
        }

        @Test
        void every_test_runs() {
            Gate.because("A test runs or is not there: one that is switched off proves nothing and looks as if it did.")
                    .check(NameRules.disabledTests(SOURCES));
        }

        @Test
        void nothing_is_mocked() {
            Gate.because("No mocks: a test that agrees with itself about PostgreSQL proves nothing about PostgreSQL.")
                    .check(NameRules.mocks(SOURCES));
        }
    }

    @Nested
    class CommentsTell {

        @Test
        void why_and_not_what_was_there_before() {
            Gate.because(
                            "Comments give reason and contract; history, authors and issue numbers are the version control's.")
                    .check(Comments.diaries(SOURCES));
        }

        @Test
        void in_words_and_not_in_code() {
            Gate.because("Code in a comment is neither run nor checked.").check(Comments.codeInComments(SOURCES));
        }

        @Test
        void without_banners() {
            Gate.because("A file that needs banners to be found through is several files.")
                    .check(Comments.banners(SOURCES));
        }
    }

    @Nested
    class Files {

        @Test
        void nothing_that_a_build_makes_is_kept() {
            Gate.because("What a build makes is made again, never committed.")
                    .check(FileRules.builtFiles(CHECKOUT.files()));
        }

        @Test
        void every_file_stands_in_a_room() {
            Gate.because(
                            "The top level holds the five modules, docs and the files a newcomer looks for; anything else has its reason in"
                                    + " docs/decisions.")
                    .check(FileRules.strangers(CHECKOUT.files()));
        }

        @Test
        void nothing_is_promised_for_later() {
            Gate.because("What is to be done is an issue, not a comment.").check(FileRules.unfinished(CHECKOUT));
        }

        @Test
        void nothing_is_said_about_one_machine() {
            Gate.because("A path of one machine is wrong on every other.")
                    .except(Map.of(
                            "migrations/src/test/java/org/usageledger/postgres/DefaultDataFolderTest.java",
                            "a made-up home, to test where data goes in one"))
                    .check(FileRules.machinePaths(CHECKOUT));
        }
    }
}
