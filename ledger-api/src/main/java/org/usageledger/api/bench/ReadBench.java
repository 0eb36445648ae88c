package org.usageledger.api.bench;

import java.net.URI;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.usageledger.api.bench.Measure.Against;
import org.usageledger.event.UsageEvent;
import org.usageledger.log.AppenderLimits;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogAppender;
import org.usageledger.postgres.DatabaseAddress;

/** What it costs to read the log, and how a projection keeps up with it. */
final class ReadBench {
    private static final int TEMPLATES = 40_000;
    private static final double LAG_SECONDS = 2;
    private static final double SMALLEST_LAG_SECONDS = 0.001;
    private static final int FILL_SLICE = 50_000;

    private final BenchPlan plan;
    private final Consumer<String> progress;

    ReadBench(BenchPlan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Streams and pages.
     *
     * @param recorded events that the service's log holds already
     */
    List<Measure> reads(DatabaseAddress database, URI service, long recorded) throws Exception {
        long head = fill(service, recorded);
        Verification.log(database, head);
        long back = plan.storedEvents() - (long) HttpPages.PAGE * HttpPages.PAGES;
        List<Measure> measures = new ArrayList<>();
        try (Connection connection = database.open();
                Connection atHead = database.open()) {
            HttpStream stream = new HttpStream(service, head, back);
            HttpPages newest = new HttpPages("head", service, head);
            HttpPages deep = new HttpPages("deep", service, head - back);
            Map<String, Samples> streams = new Contest("read as a stream", plan, progress)
                    .measure(List.of(stream, new CopyStream(connection, head, back)), false);
            measures.add(Measure.of(
                    String.format("%,d events as NDJSON over HTTP, to a reader on one plain connection", back),
                    of(streams, "stream"),
                    "events/s",
                    new Against("what COPY puts out of the same columns", of(streams, "copy"), 0.4)));
            Map<String, Samples> pages = new Contest("read page by page", plan, progress)
                    .measure(List.of(newest, new SqlPages(atHead, head), deep), false);
            measures.add(Measure.of(
                    "pages of 1,000 by cursor over HTTP on one plain connection, every event looked for, at the head",
                    of(pages, "head"),
                    "pages/s",
                    new Against("the bare SQL page", of(pages, "sql"), 0.5)));
            measures.add(Measure.of(
                    String.format("pages of 1,000 by cursor over HTTP, likewise, %,d events back", back),
                    of(pages, "deep"),
                    "pages/s",
                    new Against("the same at the head", of(pages, "head"), 0.9)));
        }
        return measures;
    }

    private long fill(URI service, long recorded) throws Exception {
        long head = recorded;
        try (HttpAppends http = new HttpAppends(service, new Usage(3), Math.min(FILL_SLICE, plan.storedEvents()))) {
            while (head < plan.storedEvents()) {
                progress.accept(
                        String.format("recording what will be read: %,d of %,d events", head, plan.storedEvents()));
                http.prepare();
                head += http.run();
            }
            if (head > recorded) {
                http.settle();
            }
        }
        return head;
    }

    /** The projection behind an append at full speed. */
    Measure following(DatabaseAddress database) throws Exception {
        progress.accept("following an append at full speed");
        List<UsageEvent> templates = new Usage(5).events(TEMPLATES);
        try (HeadWatch watch = new HeadWatch(database.dataSource(), Duration.ofMillis(50));
                LogAppender appender = new LogAppender(database.dataSource(), watch, AppenderLimits.DEFAULT);
                Connection connection = database.open()) {
            Following following = new Following(appender, connection, templates);
            Following.Seen seen = following.watch(plan.following());
            Verification.log(connection, following.recorded());
            double lag = Math.max(SMALLEST_LAG_SECONDS, seen.longest(0.25, 1));
            progress.accept(String.format(
                    "appended %,.0f events/s; longest lag in the quarters of the time: %.2f, %.2f, %.2f, %.2f s",
                    seen.appended() / seen.seconds(),
                    seen.longest(0, 0.25),
                    seen.longest(0.25, 0.5),
                    seen.longest(0.5, 0.75),
                    seen.longest(0.75, 1)));
            return new Measure(
                    String.format(
                            "projection following the append at full speed (%,.0f events/s): longest lag after the first quarter",
                            seen.appended() / seen.seconds()),
                    lag,
                    "s",
                    "a lag of 2 s",
                    LAG_SECONDS,
                    LAG_SECONDS / lag,
                    1.0,
                    seen.lags(),
                    List.of());
        }
    }

    private static Samples of(Map<String, Samples> measured, String contender) {
        Samples samples = measured.get(contender);
        if (samples == null) {
            throw new IllegalStateException(contender + " was not measured");
        }
        return samples;
    }
}
