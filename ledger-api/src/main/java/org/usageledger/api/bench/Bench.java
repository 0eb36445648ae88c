package org.usageledger.api.bench;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.usageledger.api.cli.Benchmarks;
import org.usageledger.api.cli.CommandFailed;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.DefaultDataFolder;
import org.usageledger.postgres.PostgresUnavailable;

/** Measures group by group, on a server that is started for it. */
public final class Bench implements Benchmarks {
    private static final String DELAYED = ", each flush 2 ms longer";

    private final Services services;

    /** Starts whole services on databases. */
    @FunctionalInterface
    public interface Services {
        RunningService start(DatabaseAddress database);
    }

    /** A service that answers until it is closed. */
    public interface RunningService extends AutoCloseable {
        URI address();

        @Override
        void close();
    }

    /** Measures such services. */
    public Bench(Services services) {
        this.services = services;
    }

    @Override
    public Measured measure(Wanted wanted, Consumer<String> progress) {
        BenchPlan plan = wanted.quick() ? BenchPlan.QUICK : BenchPlan.FULL;
        Path folder = wanted.data().orElseGet(Bench::besideTheServices);
        try (BenchServer server = BenchServer.start(folder, progress)) {
            List<Measure> measures = measure(server, wanted, plan, progress);
            return new BenchReport(Machine.here(server.version()), plan, measures).measured();
        } catch (RunRefused | PostgresUnavailable e) {
            throw new CommandFailed(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("Interrupted while measuring.", e);
        } catch (Exception e) {
            throw new CommandFailed("Measuring failed: " + e + ".", e);
        }
    }

    private List<Measure> measure(BenchServer server, Wanted wanted, BenchPlan plan, Consumer<String> progress)
            throws Exception {
        List<Measure> measures = new ArrayList<>();
        DatabaseAddress recording = server.forRecording();
        try (RunningService service = services.start(recording)) {
            long recorded = 0;
            if (wanted.groups().contains("append")) {
                try (AppendBench append = new AppendBench(server.forAppending(), service.address(), plan, progress)) {
                    measures.addAll(append.measure(""));
                    server.delayFlushes(true);
                    measures.addAll(append.measure(DELAYED));
                    server.delayFlushes(false);
                    append.verify();
                    recorded = append.recordedOverHttp();
                    Verification.log(recording, recorded);
                }
            }
            if (wanted.groups().contains("read")) {
                server.checkpoint();
                measures.addAll(new ReadBench(plan, progress).reads(recording, service.address(), recorded));
            }
        }
        if (wanted.groups().contains("read")) {
            DatabaseAddress following = server.forFollowing();
            try (RunningService service = services.start(following)) {
                progress.accept("a service with a projection is at " + service.address());
                measures.add(new ReadBench(plan, progress).following(following));
            }
        }
        return measures;
    }

    private static Path besideTheServices() {
        Path data = DefaultDataFolder.ofThisProcess();
        return data.resolveSibling(data.getFileName() + "-bench");
    }
}
