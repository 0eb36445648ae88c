package org.usageledger.jobs;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.usageledger.api.Events;
import org.usageledger.event.Body;
import org.usageledger.event.Origin;
import org.usageledger.event.StoredForm;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.log.AppendRequest;
import org.usageledger.log.AppendResult;
import org.usageledger.log.AppenderLimits;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogAppender;
import org.usageledger.log.NewEvent;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.projection.Check;
import org.usageledger.projection.ProjectionTable;
import org.usageledger.projection.ReadModel;
import org.usageledger.projection.Rebuild;
import org.usageledger.projection.Window;

/**
 * A job as the sweep starts it.
 *
 * @param looking its steps that every attempt goes through anew to see how far an earlier one has come
 */
record SweptJob(Job job, Map<String, String> parameters, Set<Integer> looking) {
    private static final int EVENTS = 130;
    private static final int SOME = 45;

    /** Of a read model and of the log, and what an earlier rebuild left. */
    private static final String DAMAGE = """
            insert into running_resource
            select 1, resource_kind, 'old-' || resource_key, since, since_exact, first_position, latest_position, instances, memory_mb,
              organization, space, app
            from running_resource;
            delete from running_resource
            where slot = 0
              and resource_key in ('p3', 'p77');
            update usage_event
            set space = 'elsewhere'
            where position = 7;
            """;

    /** Every job there is: one that is not here fails the sweep. */
    static List<SweptJob> all() {
        List<ReadModel> models = List.of(new NotedFold());
        return List.of(
                new SweptJob(new DemoJob(), Map.of("steps", "4", "pause_ms", "0"), Set.of()),
                new SweptJob(new Rebuild(models, SOME), Map.of("projection", "running"), Set.of(1, 2, 3)),
                new SweptJob(new Check(models, SOME, SOME), Map.of(), Set.of(10)));
    }

    /** A log, a read model that follows it, and something wrong in both for a check to find. */
    static void prepare(TestDatabase database) throws SQLException {
        append(database);
        ReadModel model = new NotedFold();
        try (Connection connection = database.open();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(NotedFold.TABLE);
            var claim = ProjectionTable.claim(connection, model, "projector", Duration.ofMinutes(1))
                    .orElseThrow()
                    .claim();
            Window window = new Window(0, EVENTS);
            model.fold(
                    connection, ProjectionTable.move(connection, claim, window).orElseThrow(), window);
            statement.execute(DAMAGE);
            connection.commit();
        }
    }

    private static void append(TestDatabase database) {
        try (HeadWatch watch = new HeadWatch(database.dataSource(), Duration.ofMillis(50));
                LogAppender appender = new LogAppender(database.dataSource(), watch, AppenderLimits.DEFAULT)) {
            List<NewEvent> events =
                    IntStream.rangeClosed(1, EVENTS).mapToObj(SweptJob::event).toList();
            AppendResult result = appender.append(AppendRequest.of(events, AppendRequest.OnConflict.REFUSE_REQUEST))
                    .join();
            if (!(result instanceof AppendResult.Done)) {
                throw new AssertionError("not appended: " + result);
            }
        }
    }

    /** Of every ten processes one ends. */
    private static NewEvent event(int number) {
        String json = number % 10 == 0
                ? Events.stopped("e" + number, "p" + (number - 1))
                : Events.started("e" + number, "p" + number);
        return NewEvent.of(
                new StoredForm()
                        .decode(EventKind.APP, StoredForm.FORMAT, Body.owning(json.getBytes(StandardCharsets.UTF_8))),
                Origin.PLATFORM);
    }
}
