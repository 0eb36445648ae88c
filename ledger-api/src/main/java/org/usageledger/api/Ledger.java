package org.usageledger.api;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.access.AuditLog;
import org.usageledger.api.observe.Health;
import org.usageledger.api.observe.Observation;
import org.usageledger.api.observe.Observed;
import org.usageledger.decision.BulkDecision;
import org.usageledger.decision.Decisions;
import org.usageledger.decision.Retries;
import org.usageledger.decision.axon.AxonDecisions;
import org.usageledger.jobs.DemoJob;
import org.usageledger.jobs.ForgettingTask;
import org.usageledger.jobs.Job;
import org.usageledger.jobs.JobNode;
import org.usageledger.jobs.Jobs;
import org.usageledger.jobs.Nodes;
import org.usageledger.jobs.schedule.ScheduleTask;
import org.usageledger.jobs.schedule.Schedules;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogAppender;
import org.usageledger.log.LogReader;
import org.usageledger.log.ResourceReader;
import org.usageledger.log.SuppressedStops;
import org.usageledger.log.Tail;
import org.usageledger.log.axon.LedgerStorage;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.MovableDataSource;
import org.usageledger.projection.Check;
import org.usageledger.projection.Follower;
import org.usageledger.projection.PositionWatch;
import org.usageledger.projection.ReadModel;
import org.usageledger.projection.Rebuild;
import org.usageledger.projection.axon.ProjectionRunner;
import org.usageledger.reaction.Reacting;
import org.usageledger.reaction.UndeclaredStates;
import org.usageledger.recording.Recorder;
import org.usageledger.running.RunningFold;
import org.usageledger.running.RunningQuery;
import org.usageledger.running.SnapshotLimits;
import org.usageledger.tasks.Activator;
import org.usageledger.tasks.Wiring;

/** The parts of a ledger on one database, in the order of an event's way. */
final class Ledger implements AutoCloseable {
    /** Between two looks at the head, which wake readers of what other services recorded. */
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(50);

    /** Beyond the appender's own deadline, so that its answer is the one given. */
    private static final Duration RECORDING_SLACK = Duration.ofSeconds(5);

    private static final Duration CONNECTION_DEADLINE = Duration.ofSeconds(5);

    /** A statement that runs longer than this has lost its server, not its patience. */
    private static final Duration SOCKET_DEADLINE = Duration.ofSeconds(60);

    /**
     * For what the service does by itself, so that no reader can keep it from it: a watch of the head, one of positions, a projector and
     * its coordinator, its heartbeat, a look for executions, another for what is due, three for executions, what its tasks report, a
     * decision, a look at its health, and the tail that followers share.
     */
    private static final int INSIDE_CONNECTIONS = 14;

    /** For what operators ask for and do, however many of them and however slowly: none of the above waits for it. */
    private static final int OPERATING_CONNECTIONS = 4;

    /** Who operates waits in line rather than be turned away: as long as anybody waits for an answer. */
    private static final Duration OPERATING_DEADLINE = Duration.ofSeconds(20);

    /** Whoever has the port of a database that ended may take connections and never say a word. */
    private static final Map<String, String> APPENDING = Map.of(
            "loginTimeout",
            String.valueOf(CONNECTION_DEADLINE.toSeconds()),
            "tcpKeepAlive",
            "true",
            "logServerErrorDetail",
            "false");

    private static final Map<String, String> POOLED = Map.of(
            "ApplicationName",
            "usage-ledger",
            "tcpKeepAlive",
            "true",
            "logServerErrorDetail",
            "false",
            "connectTimeout",
            String.valueOf(CONNECTION_DEADLINE.toSeconds()),
            "loginTimeout",
            String.valueOf(CONNECTION_DEADLINE.toSeconds()),
            "socketTimeout",
            String.valueOf(SOCKET_DEADLINE.toSeconds()));

    private final MovableDataSource pooled;
    private final MovableDataSource appending;
    private final HikariDataSource inside;
    private final HikariDataSource operating;
    private final HikariDataSource readers;
    private final HeadWatch watch;
    private final LogAppender appender;
    private final Recorder recorder;
    private final LogReader reader;
    private final Tail tail;
    private final SuppressedStops suppressed;
    private final PositionWatch positions;
    private final ProjectionRunner projections;
    private final RunningQuery running;
    private final JobNode node;
    private final Jobs jobs;
    private final Nodes nodes;
    private final Schedules schedules;
    private final ForgettingTask forgetting;
    private final AuditLog audit;
    private final Health health;
    private final Duration answerDeadline;
    private @Nullable AxonDecisions decisions;
    private final Observation observation;

    Ledger(Settings settings, Observation observation) {
        this.observation = observation;
        pooled = new MovableDataSource(settings.database(), POOLED);
        inside = pool("ledger-inside", INSIDE_CONNECTIONS, CONNECTION_DEADLINE);
        operating = pool("ledger-operating", OPERATING_CONNECTIONS, OPERATING_DEADLINE);
        readers = pool("ledger-readers", settings.connections(), CONNECTION_DEADLINE);
        watch = new HeadWatch(inside, WATCH_INTERVAL);
        appending = new MovableDataSource(settings.database(), APPENDING);
        appender = new LogAppender(appending, watch, settings.appender(), observation.appends(), settings.nodeName());
        answerDeadline = settings.appender().requestDeadline().plus(RECORDING_SLACK);
        recorder = new Recorder(appender, answerDeadline);
        reader = new LogReader(readers, watch);
        tail = new Tail(new LogReader(inside, watch), watch);
        suppressed = new SuppressedStops(readers);
        List<ReadModel> models = List.of(new RunningFold());
        positions = new PositionWatch(inside, WATCH_INTERVAL);
        List<Follower> followers = new ArrayList<>(models);
        followers.add(new Reacting(new UndeclaredStates()));
        projections = new ProjectionRunner(inside, watch, positions, settings.nodeName(), followers);
        projections.start(observation.folds());
        running = new RunningQuery(readers, positions, SnapshotLimits.within(settings.connections()));
        List<Job> known = List.of(
                new Rebuild(models, ProjectionRunner.WINDOW_POSITIONS),
                new Check(models, ProjectionRunner.WINDOW_POSITIONS),
                new DemoJob());
        node = new JobNode(inside, settings.nodeName(), known, settings.jobs(), observation.jobs(projections::close));
        jobs = new Jobs(operating, known, node);
        nodes = new Nodes(operating, settings.jobs());
        Activator due = new Activator();
        schedules = new Schedules(operating, jobs, due::activate);
        Jobs own = new Jobs(inside, known, node);
        forgetting = new ForgettingTask(inside, settings.jobs().keptDays());
        node.start(
                appending,
                List.of(Wiring.of(new ScheduleTask(inside, own), due), Wiring.of(forgetting, new Activator())));
        Observed observed = observed(settings, own);
        health = new Health(observed);
        observation.show(observed, health);
        audit = new AuditLog(operating);
    }

    private Observed observed(Settings settings, Jobs own) {
        return new Observed(
                new LogReader(inside, watch),
                watch,
                tail,
                appender,
                projections::status,
                own,
                node,
                new Nodes(inside, settings.jobs()),
                new Schedules(inside, own, () -> {}),
                forgetting,
                List.of(use(inside), use(operating), use(readers)),
                settings.nodeName(),
                Version.current().value());
    }

    private static Supplier<Observed.PoolUse> use(HikariDataSource pool) {
        HikariPoolMXBean bean = pool.getHikariPoolMXBean();
        return () -> new Observed.PoolUse(
                pool.getPoolName(),
                bean.getActiveConnections(),
                bean.getIdleConnections(),
                bean.getThreadsAwaitingConnection(),
                pool.getMaximumPoolSize());
    }

    /** What the HTTP faces are made of. */
    List<Object> parts() {
        return List.of(
                watch,
                appender,
                recorder,
                reader,
                tail,
                suppressed,
                projections,
                running,
                jobs,
                node,
                nodes,
                schedules,
                audit,
                health,
                observation);
    }

    /**
     * Decides about runs. Begun when it is first asked for: a service that carries out no execution that decides has nothing of Axon's command side.
     */
    synchronized Decisions decisions() {
        AxonDecisions begun = decisions;
        if (begun == null) {
            ResourceReader resources = new ResourceReader(inside, watch);
            LedgerStorage storage = new LedgerStorage(appender, new LogReader(inside, watch), resources, watch);
            BulkDecision bulk = new BulkDecision(resources, appender, answerDeadline);
            begun = new AxonDecisions(storage, bulk, Retries.USUAL, answerDeadline);
            decisions = begun;
        }
        return begun;
    }

    private synchronized void endDecisions() {
        AxonDecisions begun = decisions;
        if (begun != null) {
            begun.close();
        }
    }

    /** What readers share. */
    DataSource readers() {
        return readers;
    }

    /** @param patience of whoever wants a connection while all are in use */
    private HikariDataSource pool(String name, int connections, Duration patience) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(pooled);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(patience.toMillis());
        return new HikariDataSource(config);
    }

    /** Where the database is found from now on. */
    void moveTo(DatabaseAddress database) {
        pooled.moveTo(database);
        appending.moveTo(database);
    }

    /** Lets waiting readers go, so that nothing holds up a stop. */
    void releaseReaders() {
        tail.close();
        watch.close();
        positions.close();
    }

    /** Answers what was taken, gives back what this node carries out, then lets go of the database. */
    @Override
    public void close() {
        appender.close();
        node.close();
        endDecisions();
        projections.close();
        tail.close();
        positions.close();
        watch.close();
        readers.close();
        operating.close();
        inside.close();
        observation.close();
    }
}
