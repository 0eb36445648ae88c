package org.usageledger.api.cli;

import java.time.Duration;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on a terminal, drawn only once the work has taken longer than a second; nothing anywhere else. */
final class Progress implements AutoCloseable {
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final int WIDTH = 100;
    private static final int REDRAW_MILLIS = 250;

    private final Terminal terminal;
    private final ProgressBarBuilder builder;
    private final long began = System.nanoTime();
    private @Nullable ProgressBar bar;

    /**
     * @param total what {@link #at} counts up to; -1 if nobody knows
     * @param unit what is counted, with a space before it
     * @param size how much of what is counted makes one unit
     */
    Progress(Terminal terminal, String task, long total, String unit, long size) {
        this.terminal = terminal;
        this.builder = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(unit, size)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .setConsumer(new DelegatingProgressBarConsumer(text -> draw(terminal, text), WIDTH));
    }

    /** What {@link #at} counts up to, once it is known. */
    synchronized void total(long total) {
        if (bar != null) {
            bar.maxHint(total);
        }
    }

    /** Where the work stands now. */
    synchronized void at(long done, String note) {
        if (bar == null && terminal.errInteractive() && System.nanoTime() - began > QUIET.toNanos()) {
            bar = builder.build();
        }
        if (bar != null) {
            bar.stepTo(done).setExtraMessage(" " + note);
        }
    }

    /** Says one line above the bar. */
    synchronized void say(String line) {
        if (bar != null) {
            terminal.err().print("\r" + " ".repeat(WIDTH) + "\r");
        }
        terminal.say(line);
    }

    @Override
    public void close() {
        end();
    }

    /** Draws the bar a last time, so that what is printed next stands below it. */
    synchronized void end() {
        if (bar != null) {
            bar.close();
            terminal.err().println();
            bar = null;
        }
    }

    private static void draw(Terminal terminal, String text) {
        terminal.err().print("\r" + text);
        terminal.err().flush();
    }
}
