package org.usageledger.api.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule shown what it must catch, and what it must let pass: a gate that never closed is not known to close. */
class RulesCatchTest {

    interface Rule extends Function<List<Source>, List<Breach>> {}

    private static final String QUOTES = "\"\"\"";

    static Stream<Arguments> caughtInShapeAndNames() {
        return Stream.of(
                rule("a long file", SizeRules::longFiles, "\n".repeat(300) + "class A {}"),
                rule("a long method", SizeRules::longMethods, method("\n".repeat(41))),
                rule(
                        "six parameters",
                        SizeRules::manyParameters,
                        "class A { void m(int a, int b, int c, int d, int e, int f) {} }"),
                rule(
                        "four levels",
                        SizeRules::deepNesting,
                        method("if (a) for (;;) while (b) try { c(); } finally {}")),
                rule(
                        "a lambda's levels",
                        SizeRules::deepNesting,
                        method("if (a) for (;;) while (b) run(() -> { if (c) d(); });")),
                rule("a helper", NameRules::emptyNames, "class EventHelper {}"),
                rule("an inner manager", NameRules::emptyNames, "class A { interface HeadManager {} }"),
                rule("process", NameRules::emptyNames, "class A { void process(int i) {} }"),
                rule(
                        "a type without a docstring",
                        NameRules::publicTypesWithoutDocstring,
                        "package p; public class A {}"),
                rule("a package without marks", NameRules::unmarkedPackages, "package p; class A {}"));
    }

    static Stream<Arguments> caughtInTestsAndComments() {
        return Stream.of(
                rule("a sleep", NameRules::sleeps, method("Thread.sleep(1);")),
                rule("a sleep by unit", NameRules::sleeps, method("java.util.concurrent.TimeUnit.SECONDS.sleep(1);")),
                rule("a sleep by reference", NameRules::sleeps, method("run(Thread::sleep);")),
                rule(
                        "a test switched off",
                        NameRules::disabledTests,
                        "class A { @org.junit.jupiter.api.Disabled void t() {} }"),
                rule("a mock", NameRules::mocks, "import static org.mockito.Mockito.mock; class A {}"),
                rule("code in a comment", Comments::codeInComments, method("// int old = compute();")),
                rule("an issue's number", Comments::diaries, method("// see #" + "4711")),
                rule("an author", Comments::diaries, "/** @" + "author me */ class A {}"),
                rule("a banner", Comments::banners, method("// " + "-".repeat(9))));
    }

    static Stream<Arguments> caughtInSql() {
        return Stream.of(
                rule("shouted SQL", SqlRules::shouted, method("sql(\"SELECT 1\");")),
                rule("SQL glued with +", SqlRules::concatenated, method("sql(\"select a from \" + table);")),
                rule(
                        "SQL glued by a method",
                        SqlRules::concatenated,
                        method("sql(\"delete from %s\".formatted(table));")),
                rule(
                        "SQL glued by format",
                        SqlRules::concatenated,
                        method("sql(String.format(\"delete from %s\", table));")),
                rule("SQL on one line", SqlRules::outsideTextBlocks, method("sql(\"select a from b where c = ?\");")),
                rule(
                        "crowded SQL",
                        SqlRules::crowdedLines,
                        method("sql(" + QUOTES + "\nselect a from b\nwhere c = ?\n" + QUOTES + ");")),
                rule("every column", SqlRules::everyColumn, method("sql(\"select * from a\");")),
                rule("pages without order", SqlRules::unordered, method("sql(\"select a from b limit 5\");")),
                rule(
                        "tables defined in code",
                        SqlRules::definitions,
                        method("sql(\"create unlogged table t (a int)\");")));
    }

    static Stream<Arguments> passed() {
        return Stream.of(
                rule(
                        "a record's components",
                        SizeRules::manyParameters,
                        "record A(int a, int b, int c, int d, int e, int f) {}"),
                rule(
                        "else if",
                        SizeRules::deepNesting,
                        method("if (a) b(); else if (c) d(); else if (e) f(); else if (g) h();")),
                rule("Metadata", NameRules::emptyNames, "class Metadata { @Override public void process(int i) {} }"),
                rule("a process", NameRules::emptyNames, "class A { Event process(int i) { return null; } }"),
                rule(
                        "a comment's example in a string",
                        Comments::codeInComments,
                        method("print(\"http://x; // a = b;\");")),
                rule(
                        "a sentence",
                        Comments::codeInComments,
                        method("// Locked first; a snapshot taken earlier would miss a commit.")),
                rule(
                        "a label that begins like SQL",
                        SqlRules::concatenated,
                        method("print(\"select a consumer \" + name);")),
                rule(
                        "a subquery on its line",
                        SqlRules::crowdedLines,
                        method("sql(" + QUOTES + "\nselect a\nfrom b\nwhere c in (select d from e)\n" + QUOTES + ");")),
                rule("a count", SqlRules::everyColumn, method("sql(\"select count(*) from a\");")));
    }

    @ParameterizedTest
    @MethodSource({"caughtInShapeAndNames", "caughtInTestsAndComments", "caughtInSql"})
    void the_rule_catches(Rule rule, String java) {
        assertThat(rule.apply(parsed(java))).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("passed")
    void the_rule_lets_pass(Rule rule, String java) {
        assertThat(rule.apply(parsed(java))).isEmpty();
    }

    @Test
    void built_files_and_strangers_are_caught() {
        assertThat(FileRules.builtFiles(List.of("a/target/x.txt", "b/C.class", "d/e.log", "f/G.java")))
                .hasSize(3);
        assertThat(FileRules.strangers(List.of("scripts/x.sh", "docs/a.md", ".ci/run")))
                .hasSize(1);
    }

    @Test
    void a_class_that_names_a_table_is_found() {
        List<Source> sources = parsed(method("sql(\"select a from usage_event\", \"select 1\");"));

        assertThat(SqlRules.users(sources, SqlRules.tablesIn("create table usage_event (a int);")))
                .isEqualTo(Map.of("usage_event", Set.of("A"), "no table", Set.of("A")));
    }

    @Test
    void an_exception_that_is_not_needed_is_caught() {
        Gate gate = Gate.because("a reason").except(Map.of("gone", "was needed once"));

        assertThatThrownBy(() -> gate.check(List.of())).hasMessageContaining("gone");
        assertThatThrownBy(() -> gate.check(List.of(new Breach("gone", "x"), new Breach("here", "y"))))
                .hasMessageContaining("a reason")
                .hasMessageContaining("here: y");
    }

    private static Arguments rule(String name, Rule rule, String java) {
        return Arguments.of(Named.of(name, rule), java);
    }

    private static String method(String body) {
        return "class A { void m() { " + body + "\n } }";
    }

    private static List<Source> parsed(String java) {
        return Source.parse(Collections.singletonMap("m/src/main/java/A.java", java));
    }
}
