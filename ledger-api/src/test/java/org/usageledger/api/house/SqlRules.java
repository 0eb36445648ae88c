package org.usageledger.api.house;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How SQL is written, and in which classes. */
final class SqlRules {

    private static final Set<String> GLUE =
            Set.of("formatted", "concat", "replace", "replaceAll", "replaceFirst", "format", "join", "append");

    private SqlRules() {}

    /**
     * The classes outside tests that name a table, by table; what names none is listed under {@code no table}.
     *
     * @param tables every table that migrations define
     */
    static Map<String, Set<String>> users(List<Source> sources, Set<String> tables) {
        Map<String, Set<String>> users = new TreeMap<>();
        visit(sources.stream().filter(source -> !source.isTest()).toList(), (sql, path) -> {
            Set<String> named = tables.stream().filter(sql::names).collect(Collectors.toSet());
            for (String table : named.isEmpty() ? Set.of("no table") : named) {
                users.computeIfAbsent(table, none -> new TreeSet<>())
                        .add(sql.source().className());
            }
        });
        return users;
    }

    /** The tables that a migration defines. */
    static Set<String> tablesIn(String migration) {
        return Pattern.compile("(?im)^\\s*create\\s+(?:unlogged\\s+)?table\\s+(?:if\\s+not\\s+exists\\s+)?([a-z_]\\w*)")
                .matcher(migration)
                .results()
                .map(definition -> definition.group(1))
                .collect(Collectors.toSet());
    }

    static List<Breach> shouted(List<Source> sources) {
        return statements(sources, SqlText::isShouted, "SQL is written in lower case");
    }

    static List<Breach> outsideTextBlocks(List<Source> sources) {
        return mainStatements(sources, SqlText::needsTextBlock, "more than one clause: write a text block");
    }

    static List<Breach> everyColumn(List<Source> sources) {
        return mainStatements(sources, SqlText::takesEveryColumn, "every column is named");
    }

    static List<Breach> unordered(List<Source> sources) {
        return mainStatements(sources, SqlText::pagesWithoutOrder, "limit without order by");
    }

    static List<Breach> definitions(List<Source> sources) {
        return mainStatements(sources, SqlText::definesTables, "tables are defined in migrations only");
    }

    static List<Breach> crowdedLines(List<Source> sources) {
        List<Breach> breaches = new ArrayList<>();
        visit(sources, (sql, path) -> {
            if (sql.isTextBlock()) {
                sql.crowdedLines().forEach(line -> breaches.add(sql.breach("one clause a line: " + line)));
            }
        });
        return breaches;
    }

    /** Glued with + or with a method that makes another string of it. */
    static List<Breach> concatenated(List<Source> sources) {
        List<Breach> breaches = new ArrayList<>();
        visit(sources, (sql, path) -> {
            if (isGlued(path)) {
                breaches.add(sql.breach("glued together: bind parameters instead"));
            }
        });
        return breaches;
    }

    private static boolean isGlued(TreePath literal) {
        TreePath at = literal;
        while (at.getParentPath().getLeaf() instanceof ParenthesizedTree) {
            at = at.getParentPath();
        }
        Tree parent = at.getParentPath().getLeaf();
        Tree self = at.getLeaf();
        return switch (parent) {
            case BinaryTree sum -> sum.getKind() == Tree.Kind.PLUS;
            case CompoundAssignmentTree sum -> sum.getKind() == Tree.Kind.PLUS_ASSIGNMENT;
            case MemberSelectTree member -> GLUE.contains(member.getIdentifier().toString());
            case MethodInvocationTree call -> call.getArguments().contains(self) && isGlue(call);
            default -> false;
        };
    }

    private static boolean isGlue(MethodInvocationTree call) {
        return call.getMethodSelect() instanceof MemberSelectTree member
                && GLUE.contains(member.getIdentifier().toString());
    }

    private static List<Breach> mainStatements(List<Source> sources, Predicate<SqlText> wrong, String what) {
        return statements(sources.stream().filter(source -> !source.isTest()).toList(), wrong, what);
    }

    private static List<Breach> statements(List<Source> sources, Predicate<SqlText> wrong, String what) {
        List<Breach> breaches = new ArrayList<>();
        visit(sources, (sql, path) -> {
            if (wrong.test(sql)) {
                breaches.add(sql.breach(what));
            }
        });
        return breaches;
    }

    private static void visit(List<Source> sources, BiConsumer<SqlText, TreePath> visitor) {
        for (Source source : sources) {
            new TreePathScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitLiteral(LiteralTree tree, @Nullable Void none) {
                    if (tree.getValue() instanceof String text && SqlText.isStatement(text)) {
                        boolean isBlock = source.text().startsWith("\"\"\"", source.startOf(tree));
                        visitor.accept(new SqlText(source, tree, text, isBlock), getCurrentPath());
                    }
                    return super.visitLiteral(tree, null);
                }
            }.scan(source.unit(), null);
        }
    }
}
