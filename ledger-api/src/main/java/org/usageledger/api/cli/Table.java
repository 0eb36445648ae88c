package org.usageledger.api.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Aligned columns for people. Printed page by page: a column keeps the widest cell seen, so that memory stays bounded and a long
 * listing hardly moves.
 */
final class Table {
    private final PrintStream out;
    private final String indent;
    private final List<Column> columns;
    private final int[] widths;
    private boolean begun;

    Table(PrintStream out, List<Column> columns) {
        this(out, columns, "");
    }

    /** @param indent before each line */
    Table(PrintStream out, List<Column> columns, String indent) {
        this.indent = indent;
        this.out = out;
        this.columns = List.copyOf(columns);
        this.widths =
                columns.stream().mapToInt(column -> column.title().length()).toArray();
    }

    /** @param right numbers, aligned by their last digit */
    record Column(String title, boolean right) {
        static Column text(String title) {
            return new Column(title, false);
        }

        static Column number(String title) {
            return new Column(title, true);
        }
    }

    void print(List<List<String>> rows) {
        List<List<String>> clean = rows.stream().map(Table::printable).toList();
        for (List<String> row : clean) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        if (!begun) {
            out.println(line(columns.stream().map(Column::title).toList()));
            begun = true;
        }
        clean.forEach(row -> out.println(line(row)));
    }

    private String line(List<String> row) {
        StringBuilder line = new StringBuilder(indent);
        for (int column = 0; column < widths.length; column++) {
            String padding = " ".repeat(widths[column] - row.get(column).length());
            line.append(column == 0 ? "" : "  ");
            line.append(columns.get(column).right() ? padding + row.get(column) : row.get(column) + padding);
        }
        return line.toString().stripTrailing();
    }

    /** Names come from outside: what would steer the terminal is shown as a question mark. */
    private static List<String> printable(List<String> row) {
        List<String> clean = new ArrayList<>(row.size());
        for (String cell : row) {
            clean.add(cell.isEmpty() ? "-" : cell.replaceAll("\\p{Cntrl}", "?"));
        }
        return clean;
    }
}
