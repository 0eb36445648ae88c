package org.usageledger.api.bench;

import java.util.List;
import java.util.Locale;

/** Ratios as bars of one scale, ending at twice what was asked; where something was asked, a line stands there. */
record RatioPlot(List<Measure> measures) {
    private static final int ROW = 34;
    private static final int WIDTH = 760;
    private static final int TOP = 20;
    private static final int FULL = 700;
    private static final double SCALE_END = 2;

    String svg() {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < measures.size(); i++) {
            rows.append(row(measures.get(i), TOP + i * ROW));
        }
        return String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" font-family="sans-serif" font-size="12">
                <rect width="%1$d" height="%2$d" fill="white"/>
                %3$s</svg>
                """, WIDTH, TOP + measures.size() * ROW + TOP, rows);
    }

    private static String row(Measure measure, int y) {
        Double bar = measure.bar();
        double unit = bar == null ? 1 : bar;
        double width = Math.min(SCALE_END, measure.ratio() / unit) / SCALE_END * FULL;
        String colour = bar == null ? "#9aa5b1" : measure.pass() ? "#2f855a" : "#c53030";
        String mark = bar == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "<line x1=\"%1$.0f\" x2=\"%1$.0f\" y1=\"%2$d\" y2=\"%3$d\" stroke=\"black\"/>%n",
                        20 + FULL / SCALE_END,
                        y + 14,
                        y + 30);
        return String.format(
                Locale.ROOT,
                """
                <text x="20" y="%d">%s: %.2f%s</text>
                <rect x="20" y="%d" width="%.0f" height="10" fill="%s"/>
                %s""",
                y + 12,
                escaped(measure.name()),
                measure.ratio(),
                bar == null ? "" : String.format(Locale.ROOT, " (bar %.1f)", bar),
                y + 17,
                width,
                colour,
                mark);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
