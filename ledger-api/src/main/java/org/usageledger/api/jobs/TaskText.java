package org.usageledger.api.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usageledger.tasks.NodeReport;
import org.usageledger.tasks.TaskStatus;
import org.usageledger.tasks.TaskStatus.Completed;
import org.usageledger.tasks.TaskStatus.Idle;
import org.usageledger.tasks.TaskStatus.NeverCompleted;
import org.usageledger.tasks.TaskStatus.Running;

/** A node's report of a task in the names of JSON, the task's own details beside what every task has. */
final class TaskText {
    private TaskText() {}

    /**
     * The report's fields, in order.
     *
     * @param startedAt of the node, by the database's clock
     * @param silence after which a node that is not heard of counts as dead
     */
    static Map<String, @Nullable Object> of(NodeReport report, Optional<Instant> startedAt, Duration silence) {
        TaskStatus status = report.status();
        boolean gone = report.processGone(silence);
        Instant asOf = report.nodeSeenAt().plus(report.unseen());
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("task", status.task());
        fields.put("schema", status.last() instanceof Completed completed ? (Long) (long) completed.schema() : null);
        fields.put("node", report.writer().node());
        fields.put("incarnation", report.writer().incarnation());
        fields.put("process_gone", gone);
        fields.put("node_incarnation", report.nodeIncarnation());
        fields.put("node_state", report.nodeState());
        fields.put("node_seen_at", report.nodeSeenAt());
        fields.put("as_of", asOf);
        fields.put("unseen_ms", report.unseen().toMillis());
        fields.put(
                "up_ms",
                startedAt
                        .filter(_ -> !gone)
                        .map(at -> Duration.between(at, asOf).toMillis())
                        .orElse(null));
        fields.put("period_ms", status.period().toMillis());
        fields.put("current", current(status.current()));
        fields.put("last", last(status.last()));
        if (status.last() instanceof Completed completed) {
            completed.details().forEach(fields::putIfAbsent);
        }
        return fields;
    }

    private static Map<String, Object> current(TaskStatus.Current current) {
        Map<String, Object> fields = new LinkedHashMap<>();
        switch (current) {
            case Idle _ -> fields.put("state", "idle");
            case Running running -> {
                fields.put("state", "running");
                fields.put("iteration", running.iteration());
                fields.put("since", running.since());
                fields.put("reason", running.reason().label());
            }
        }
        return fields;
    }

    private static @Nullable Map<String, Object> last(TaskStatus.Last last) {
        return switch (last) {
            case NeverCompleted _ -> null;
            case Completed completed -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("iteration", completed.iteration());
                fields.put("reason", completed.reason().label());
                fields.put("started_at", completed.startedAt());
                fields.put("elapsed_ms", completed.elapsed().toMillis());
                fields.put("outcome", completed.outcome().label());
                fields.put("summary", completed.summary());
                yield fields;
            }
        };
    }
}
