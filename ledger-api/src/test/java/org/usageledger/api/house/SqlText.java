package org.usageledger.api.house;

import com.sun.source.tree.LiteralTree;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A string in a Java file that is a statement of SQL.
 *
 * @param isTextBlock whether it is written between triple quotes
 */
record SqlText(Source source, LiteralTree literal, String sql, boolean isTextBlock) {

    private static final Pattern BEGINS = Pattern.compile(
            "\\A\\s*(select\\s+(.*\\bfrom\\s|\\d|[\\w.]+\\s*\\(|current_)|insert\\s+into\\s|update\\s+\\S+(\\s+\\S+)?\\s+set\\s|delete\\s+from\\s|merge\\s+into\\s|copy\\s+\\S+.*\\b(from|to)\\s"
                    + "|with\\s+(recursive\\s+)?\\w+\\s*(\\([^)]*\\)\\s*)?as\\s|lock\\s+table\\s|values\\s*\\(|truncate\\s)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern DEFINES = Pattern.compile(
            "\\b(create|alter|drop)\\s+(or\\s+replace\\s+|unlogged\\s+|temp\\s+|temporary\\s+|unique\\s+)*"
                    + "(table|index|view|materialized|sequence|type|function|procedure|trigger|schema|extension|domain)\\b"
                    + "|\\Atruncate\\s",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern CLAUSE = Pattern.compile(
            "(?<![\\w.])(from|where|group by|order by|having|limit|returning|union|join|values|set)(?![\\w(])");
    private static final Pattern SHOUTED = Pattern.compile(
            "\\b(SELECT|INSERT|UPDATE|DELETE|MERGE|COPY|FROM|WHERE|ORDER BY|GROUP BY|VALUES|RETURNING|LIMIT|JOIN|WITH|ON CONFLICT)\\b");
    private static final Pattern JOINED_WORD =
            Pattern.compile("(delete|distinct|(left|right|inner|outer|cross|full)( outer)?|lateral|update)\\s+\\z");

    static boolean isStatement(String text) {
        return BEGINS.matcher(text).find() || DEFINES.matcher(text).find();
    }

    boolean names(String table) {
        return Pattern.compile("\\b" + table + "\\b").matcher(sql).find();
    }

    boolean definesTables() {
        return DEFINES.matcher(sql.strip()).find();
    }

    boolean isShouted() {
        return SHOUTED.matcher(sql).find();
    }

    boolean takesEveryColumn() {
        return Pattern.compile("(?i)select\\s+(\\w+\\.)?\\*|,\\s*\\w+\\.\\*")
                .matcher(sql)
                .find();
    }

    boolean pagesWithoutOrder() {
        return Pattern.compile("(?i)\\blimit\\b").matcher(sql).find()
                && !Pattern.compile("(?i)\\border\\s+by\\b").matcher(sql).find();
    }

    /** Statements of one clause read well on one line. */
    boolean needsTextBlock() {
        return !isTextBlock && clauses(sql.replaceAll("\\s+", " ")).size() > 1;
    }

    /** Lines on which a clause begins that is not the line's first word; what stands in parentheses of one line is left alone. */
    List<String> crowdedLines() {
        return sql.lines()
                .filter(line -> clauses(line).stream()
                        .anyMatch(at -> !line.substring(0, at).isBlank()))
                .map(String::strip)
                .toList();
    }

    private static List<Integer> clauses(String line) {
        List<Integer> found = new ArrayList<>();
        Matcher clause = CLAUSE.matcher(line);
        while (clause.find()) {
            String before = line.substring(0, clause.start());
            boolean belongsToWord =
                    JOINED_WORD.matcher(before).find() || before.strip().startsWith("copy ");
            if (!belongsToWord && isOutside(before)) {
                found.add(clause.start());
            }
        }
        return found;
    }

    private static boolean isOutside(String before) {
        long open = before.chars().filter(c -> c == '(').count();
        long closed = before.chars().filter(c -> c == ')').count();
        long quotes = before.chars().filter(c -> c == '\'').count();
        return open <= closed && quotes % 2 == 0;
    }

    Breach breach(String what) {
        return source.breach(literal, what);
    }
}
