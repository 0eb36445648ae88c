package org.usageledger.api.bench;

import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.bench.GroupedAppends.Shape;
import org.usageledger.api.bench.Measure.Against;
import org.usageledger.log.AppenderLimits;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogAppender;
import org.usageledger.postgres.DatabaseAddress;

/** What it costs to put events into the log, and over HTTP. */
final class AppendBench implements AutoCloseable {
    private static final String UNIT = "events/s";
    private static final String LIMIT =
            "one connection, binary COPY of the same rows, 1,000 a transaction, into copies of the tables";
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(50);

    private final BenchPlan plan;
    private final Consumer<String> progress;
    private final DatabaseAddress database;
    private final HeadWatch watch;
    private final LogAppender appender;
    private final Connection limitConnection;
    private final Connection bareConnection;
    private final GroupedAppends batches;
    private final CopyLimit limit;
    private final BareCopy bare;
    private final HttpAppends http;
    private final GroupedAppends manySingles;
    private final GroupedAppends fewSingles;
    private final LoneCallers lone;
    private final SequenceCallers sequence;
    private boolean warm;

    AppendBench(DatabaseAddress database, URI service, BenchPlan plan, Consumer<String> progress) throws SQLException {
        this.plan = plan;
        this.progress = progress;
        this.database = database;
        watch = new HeadWatch(database.dataSource(), WATCH_INTERVAL);
        appender = new LogAppender(database.dataSource(), watch, AppenderLimits.DEFAULT);
        Usage usage = new Usage(1);
        boolean quick = plan.equals(BenchPlan.QUICK);
        int unit = quick ? 1_000 : 10_000;
        batches = new GroupedAppends("appender", appender, usage, new Shape(16, 100, 5 * unit));
        limitConnection = database.open();
        limit = new CopyLimit(limitConnection, batches);
        bareConnection = database.open();
        bare = new BareCopy(bareConnection, batches);
        http = new HttpAppends(service, new Usage(2), 5 * unit);
        manySingles = new GroupedAppends("64 callers", appender, usage, new Shape(64, 1, 2 * unit));
        lone = new LoneCallers(database::open, manySingles, unit / 10);
        fewSingles = new GroupedAppends("16 callers", appender, usage, new Shape(16, 1, unit));
        sequence = new SequenceCallers(database::open, fewSingles);
    }

    /** @param name what is added to the measures' names; bars hold where nothing is */
    List<Measure> measure(String name) throws Exception {
        List<Measure> measures = new ArrayList<>();
        boolean plain = name.isEmpty();
        Map<String, Samples> bulk = new Contest("append in batches" + name, plan, progress)
                .measure(List.of(batches, limit, bare, http), warm);
        Samples ceiling = of(bulk, "limit");
        measures.add(Measure.of(
                "appender, 16 callers, batches of 100" + name,
                of(bulk, "appender"),
                UNIT,
                new Against(LIMIT, ceiling, bar(plain, 0.7))));
        measures.add(Measure.of(
                "appender, 16 callers, batches of 100, and a bare table" + name,
                of(bulk, "appender"),
                UNIT,
                new Against("COPY of the same rows into a bare table", of(bulk, "bare"), null)));
        measures.add(Measure.of(
                "HTTP, NDJSON, 1,000 events a request, 8 clients" + name,
                of(bulk, "http"),
                UNIT,
                new Against(LIMIT, ceiling, bar(plain, 0.4))));
        measures.addAll(singles(name, plain));
        warm = true;
        return measures;
    }

    private List<Measure> singles(String name, boolean plain) throws Exception {
        Map<String, Samples> singles = new Contest("append one by one" + name, plan, progress)
                .measure(List.of(manySingles, lone, fewSingles, sequence), warm);
        return List.of(
                Measure.of(
                        "64 callers, one event each" + name,
                        of(singles, "64 callers"),
                        UNIT,
                        new Against(
                                "the same callers each locking, inserting and committing itself",
                                of(singles, "lone"),
                                bar(plain, 6))),
                Measure.of(
                        "16 callers, one event each" + name,
                        of(singles, "16 callers"),
                        UNIT,
                        new Against(
                                "sequence, single INSERT and commit, 16 connections, no order",
                                of(singles, "sequence"),
                                null)));
    }

    private static @Nullable Double bar(boolean plain, double bar) {
        return plain ? bar : null;
    }

    private static Samples of(Map<String, Samples> measured, String contender) {
        Samples samples = measured.get(contender);
        if (samples == null) {
            throw new IllegalStateException(contender + " was not measured");
        }
        return samples;
    }

    /** @throws RunRefused if not everything that was acknowledged is there, or a contender left something out */
    void verify() throws SQLException {
        try (Connection connection = database.open()) {
            Verification.log(connection, batches.recorded() + manySingles.recorded() + fewSingles.recorded());
            Verification.contenders(
                    connection,
                    new Verification.Written(limit.copied(), bare.copied(), sequence.inserted(), lone.written()));
        }
    }

    /** How many events the service has acknowledged. */
    long recordedOverHttp() {
        return http.recorded();
    }

    @Override
    public void close() throws SQLException {
        http.close();
        sequence.close();
        lone.close();
        bareConnection.close();
        limitConnection.close();
        appender.close();
        watch.close();
    }
}
