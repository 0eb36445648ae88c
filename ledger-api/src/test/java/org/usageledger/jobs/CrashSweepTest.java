package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.LoggerFactory;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/**
 * Every job, ended by force at every point of every chunk, and taken over: what it leaves is what it leaves undisturbed.
 *
 * <p>Mutants: an effect committed apart from its record; a step recorded in a transaction of its own; an end in a transaction of its own.
 */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class CrashSweepTest {
    private final Logger attempts = (Logger) LoggerFactory.getLogger("org.usageledger.jobs");
    private Stage stage;

    /** What a sweep does on purpose need not fill the log. */
    @BeforeEach
    void prepare(TestDatabase fresh) throws SQLException {
        attempts.setLevel(Level.OFF);
        SweptJob.prepare(fresh);
        stage = new Stage(fresh.dataSource());
    }

    @AfterEach
    void listen() {
        attempts.setLevel(null);
    }

    /** One execution of a job, from the same beginning each time. */
    private final class Course {
        private final SweptJob swept;
        private final UUID execution;
        private final Jobs jobs;

        Course(SweptJob swept) throws SQLException {
            this.swept = swept;
            jobs = new Jobs(stage.database(), List.of(swept.job()), () -> {});
            stage.clear();
            if (!(jobs.start(swept.job().name(), swept.parameters(), Optional.of("swept"), "test")
                    instanceof Started.Accepted(UUID accepted))) {
                throw new AssertionError("not started: " + swept);
            }
            execution = accepted;
        }

        SteppedNode node(String name, FaultPoints faults) {
            return new SteppedNode(stage.database(), name, swept.job(), faults);
        }

        ExecutionView view() {
            return jobs.execution(execution).orElseThrow();
        }

        /** A dead node's transaction ends when the server hears of it, a moment later. */
        void carriedOutBy(SteppedNode node) {
            Await.untilTrue(SteppedNode.PATIENCE, () -> view().toString(), () -> {
                node.work();
                return !view().state().active();
            });
            assertThat(view().state()).isEqualTo(ExecutionState.DONE);
        }

        FinalState left() throws SQLException {
            return FinalState.read(stage.database(), execution, swept.looking());
        }
    }

    /** How it goes when nothing happens: the points it passes, and what it leaves. */
    private record Undisturbed(List<FaultPoints.Point> points, FinalState left) {}

    private Undisturbed undisturbed(SweptJob swept) throws SQLException {
        List<FaultPoints.Point> points = Collections.synchronizedList(new ArrayList<>());
        Course course = new Course(swept);
        try (SteppedNode node = course.node("n1", (point, _, _, _) -> points.add(point))) {
            course.carriedOutBy(node);
            return new Undisturbed(List.copyOf(points), course.left());
        }
    }

    @TestFactory
    List<DynamicTest> ended_at_any_point_and_taken_over_it_leaves_what_it_leaves_undisturbed() {
        return SweptJob.all().stream()
                .map(swept -> DynamicTest.dynamicTest(swept.job().name(), () -> sweep(swept)))
                .toList();
    }

    private void sweep(SweptJob swept) throws SQLException {
        Undisturbed undisturbed = undisturbed(swept);
        assertThat(new HashSet<>(undisturbed.points())).containsExactlyInAnyOrder(FaultPoints.Point.values());
        for (int moment = 0; moment < undisturbed.points().size(); moment++) {
            // In turns, so that every point comes up with both: its own restart, and another node.
            String next = moment % 2 == 0 ? "n1" : "n2";
            Course course = new Course(swept);
            endAndTakeOver(course, moment, next);
            assertThat(course.left())
                    .as("ended at point %d of %s, carried on by %s", moment, undisturbed.points(), next)
                    .isEqualTo(undisturbed.left());
        }
    }

    private void endAndTakeOver(Course course, int moment, String next) {
        try (SteppedNode doomed = SteppedNode.endingAt(moment, stage.database(), "n1", course.swept.job())) {
            doomed.work();
            assertThat(doomed.isGone()).isTrue();
        }
        boolean over = course.view().state() == ExecutionState.DONE;
        try (SteppedNode other = course.node(next, FaultPoints.NONE)) {
            course.carriedOutBy(other);
        }
        assertThat(course.view().claims()).isEqualTo(over ? 1 : 2);
    }

    /** A commit whose answer is lost is tried again by whoever made it. */
    @TestFactory
    List<DynamicTest> with_every_chunk_done_twice_it_leaves_what_it_leaves_undisturbed() {
        return SweptJob.all().stream()
                .map(swept -> DynamicTest.dynamicTest(swept.job().name(), () -> twice(swept)))
                .toList();
    }

    private void twice(SweptJob swept) throws SQLException {
        Undisturbed undisturbed = undisturbed(swept);
        Set<String> disturbed = Collections.synchronizedSet(new HashSet<>());
        Course course = new Course(swept);
        try (SteppedNode node = course.node("n1", (point, claim, step, _) -> {
            String moment = point + " " + step + " " + course.view().progress();
            if (point != FaultPoints.Point.AFTER_CLAIM && disturbed.add(moment)) {
                throw new SQLException("disturbed " + moment + " of " + claim, "08006");
            }
        })) {
            course.carriedOutBy(node);
            assertThat(course.left()).isEqualTo(undisturbed.left());
            assertThat(disturbed).hasSizeGreaterThan(undisturbed.points().size() / 2);
        }
    }

    @Test
    void no_job_of_the_service_is_missing() {
        assertThat(SweptJob.all().stream().map(swept -> swept.job().getClass().getName()))
                .as(
                        "Every job on the service's class path is swept: add it to SweptJob.all, and say which of its steps only look.")
                .containsExactlyInAnyOrderElementsOf(JobClasses.ofTheService());
    }
}
