package org.usageledger.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.tasks.TaskStatus.Completed;
import org.usageledger.tasks.TaskStatus.Idle;
import org.usageledger.tasks.TaskStatus.NeverCompleted;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class BackgroundDriverTest extends DriverSituation {

    @Nested
    class The_timer {

        /** Mutant: the first activation a period after the start. */
        @Test
        void activates_first_at_start() throws InterruptedException {
            assertThat(driver.status()).isEmpty();
            driver.add(Wiring.of(task, activator));
            assertThat(status(task))
                    .isEqualTo(new TaskStatus("look", LockStepTask.PERIOD, new Idle(), new NeverCompleted()));
            driver.start();
            task.awaitBeginning();
            assertThat(running(task)).isEqualTo(new TaskStatus.Running(time.now(), Reason.TIMER, 1));
        }

        @Test
        void activates_again_a_period_after_the_beginning_and_not_before() throws InterruptedException {
            start(Wiring.of(task, activator));
            task.awaitBeginning();
            time.pass(Duration.ofSeconds(10));
            task.end();
            assertThat(awaitCompleted(task, 1).elapsed()).isEqualTo(Duration.ofSeconds(10));
            time.pass(Duration.ofSeconds(50).minusNanos(1));
            time.awaitWaitOf(Duration.ofNanos(1));
            assertThat(task.unawaited()).isZero();
            time.pass(Duration.ofNanos(1));
            task.awaitBeginning();
            assertThat(running(task).reason()).isEqualTo(Reason.TIMER);
            assertThat(running(task).iteration()).isEqualTo(2);
        }

        /** Mutant: the next is due a period after the last was due. */
        @Test
        void makes_up_for_one_missed_activation_and_delays_the_others() throws InterruptedException {
            start(Wiring.of(task, activator));
            task.awaitBeginning();
            time.pass(LockStepTask.PERIOD.multipliedBy(5).plusSeconds(1));
            task.end();
            task.awaitBeginning();
            task.end();
            awaitCompleted(task, 2);
            time.awaitWaitOf(LockStepTask.PERIOD);
            assertThat(task.unawaited()).isZero();
        }

        @Test
        void activates_earlier_when_the_task_wants_to_look_again() throws InterruptedException {
            start(Wiring.of(task, activator));
            task.awaitBeginning();
            time.pass(Duration.ofSeconds(10));
            task.end(() -> Result.success("not yet", Map.of()).again(Duration.ofSeconds(2)));
            time.awaitWaitOf(Duration.ofSeconds(2));
            time.pass(Duration.ofSeconds(2));
            task.awaitBeginning();
            assertThat(running(task).reason()).isEqualTo(Reason.TIMER);
            task.end(() -> Result.success("later", Map.of()).again(Duration.ofHours(1)));
            time.awaitWaitOf(LockStepTask.PERIOD);
        }
    }

    @Nested
    class A_signal {

        @Test
        void activates_a_task_that_rests() throws InterruptedException {
            startAndRest();
            activator.activate();
            task.awaitBeginning();
            assertThat(running(task).reason()).isEqualTo(Reason.SIGNAL);
            assertThat(driver.activate("look")).isTrue();
            assertThat(driver.activate("sing")).isFalse();
        }

        /** Mutant: a signal before the wiring is dropped. */
        @Test
        void before_the_wiring_takes_effect() throws InterruptedException {
            activator.activate();
            start(Wiring.of(task, activator));
            task.awaitBeginning();
            assertThat(running(task).reason()).isEqualTo(Reason.SIGNAL);
        }

        @Test
        void is_for_one_task_only() {
            driver.add(Wiring.of(task, activator));
            assertThatThrownBy(() -> driver.add(Wiring.of(new LockStepTask("other"), activator)))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(driver.status()).hasSize(1);
        }
    }

    @Nested
    class Requests_while_it_runs {

        /** Mutant: each is an activation of its own. */
        @Test
        void become_one_activation_more_never_two_at_a_time() throws InterruptedException {
            Source source = new Source();
            start(Wiring.of(task, activator).on(source));
            task.awaitBeginning();
            for (int i = 0; i < 3; i++) {
                source.changed();
                activator.activate();
            }
            time.pass(LockStepTask.PERIOD.multipliedBy(3));
            task.end();
            task.awaitBeginning();
            assertThat(running(task)).isEqualTo(new TaskStatus.Running(time.now(), Reason.SIGNAL, 2));
            task.end();
            awaitCompleted(task, 2);
            time.awaitWaitOf(LockStepTask.PERIOD);
            assertThat(driver.totals()).isEqualTo(Map.of("look", new Totals(2, 2, 0)));
            assertThat(task.overlapped).isFalse();
        }

        /** Mutant: what was asked for is forgotten when the activation ends. */
        @Test
        void are_not_lost() throws InterruptedException {
            Source source = new Source();
            start(Wiring.of(task, activator).on(source));
            task.awaitBeginning();
            source.changed();
            task.end();
            task.awaitBeginning();
            assertThat(running(task).reason()).isEqualTo(Reason.DEPENDENCY);
        }
    }

    @Nested
    class A_task_that_comes_after_another {
        private final LockStepTask later = new LockStepTask("later");
        private final LockStepTask apart = new LockStepTask("apart");

        @Test
        void is_activated_when_that_has_ended_and_nobody_else_is() throws InterruptedException {
            start(
                    Wiring.of(task, activator),
                    Wiring.of(later, new Activator()).after("look"),
                    Wiring.of(apart, new Activator()));
            for (LockStepTask each : new LockStepTask[] {later, apart}) {
                each.awaitBeginning();
                each.end();
                awaitCompleted(each, 1);
            }
            task.awaitBeginning();
            assertThat(later.unawaited()).isZero();
            task.end(() -> {
                throw new IllegalStateException("half done");
            });
            later.awaitBeginning();
            assertThat(running(later).reason()).isEqualTo(Reason.DEPENDENCY);
            assertThat(task.unawaited() + apart.unawaited()).isZero();
            assertThat(driver.totals().get("apart")).isEqualTo(new Totals(1, 1, 0));
        }

        @Test
        void must_find_it_there_and_not_come_before_it() {
            driver.add(Wiring.of(task, activator).after("later"));
            assertThatThrownBy(() -> driver.start()).hasMessageContaining("not all there");
            driver.add(Wiring.of(later, new Activator()).after("look"));
            driver.add(Wiring.of(apart, new Activator()));
            assertThatThrownBy(() -> driver.start())
                    .hasMessage("tasks come after each other in a circle: [look, later]");
        }
    }

    @Nested
    class A_task_that_fails {

        /** Mutant: what it throws ends its thread. */
        @Test
        void is_shown_as_failed_and_activated_again() throws InterruptedException {
            start(Wiring.of(task, activator));
            task.awaitBeginning();
            task.end(() -> {
                throw new IllegalStateException("no\0 luck");
            });
            Completed failed = awaitCompleted(task, 1);
            assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(failed.summary()).isEqualTo("java.lang.IllegalStateException: no\ufffd luck");
            long iteration = 1;
            for (LockStepTask.Ending ending : new LockStepTask.Ending[] {
                () -> {
                    throw new AssertionError("broken");
                },
                () -> Result.success("odd", Map.of("when", Duration.ZERO)),
                () -> Result.failure("two of three", Map.of("left", 1)),
                () -> {
                    throw new InterruptedException("by somebody");
                },
                () -> {
                    Thread.currentThread().interrupt();
                    return Result.failure("and left interrupted", Map.of());
                }
            }) {
                activator.activate();
                task.awaitBeginning();
                task.end(ending);
                assertThat(awaitCompleted(task, ++iteration).outcome()).isEqualTo(Outcome.FAILED);
            }
            time.awaitWaitOf(LockStepTask.PERIOD);
            time.pass(LockStepTask.PERIOD);
            task.awaitBeginning();
            task.end(() -> Result.success("three", Map.of("left", 0)));
            assertThat(awaitCompleted(task, 7).details()).isEqualTo(Map.of("left", 0L));
            assertThat(driver.totals()).isEqualTo(Map.of("look", new Totals(7, 7, 6)));
        }
    }

    @Nested
    class The_age_of_the_last_success {

        private Duration age() {
            return driver.sinceSuccess().getOrDefault("look", Duration.ofDays(-1));
        }

        @Test
        void counts_from_the_start_and_then_from_each_end_that_was_one() throws InterruptedException {
            start(Wiring.of(task, activator));
            task.awaitBeginning();
            time.pass(Duration.ofSeconds(3));
            assertThat(age()).isEqualTo(Duration.ofSeconds(3));
            task.end();
            awaitCompleted(task, 1);
            assertThat(age()).isZero();
            time.pass(Duration.ofSeconds(4));
            activator.activate();
            task.awaitBeginning();
            task.end(() -> Result.failure("no way", Map.of()));
            awaitCompleted(task, 2);
            assertThat(age()).isEqualTo(Duration.ofSeconds(4));
        }
    }

    @Nested
    class Closing {

        @Test
        void interrupts_what_runs_and_lets_nothing_begin() throws InterruptedException {
            start(Wiring.of(task, activator));
            task.awaitBeginning();
            activator.activate();
            driver.close();
            Completed stopped = awaitCompleted(task, 1);
            assertThat(stopped.outcome()).isEqualTo(Outcome.STOPPED);
            assertThat(driver.totals()).isEqualTo(Map.of("look", new Totals(1, 1, 0)));
            activator.activate();
            assertThat(task.unawaited()).isZero();
            assertThatThrownBy(() -> driver.start()).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void ends_what_rests() throws InterruptedException {
            startAndRest();
            driver.close();
            Await.untilTrue(
                    LockStepTask.PATIENCE,
                    () -> status(task).toString(),
                    () -> status(task).current().equals(new Idle()));
        }
    }

    @Test
    void names_and_periods_must_be_some() {
        driver.add(Wiring.of(task, activator));
        assertThatThrownBy(() -> driver.add(Wiring.of(new LockStepTask("look"), new Activator())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> driver.add(Wiring.of(new LockStepTask("Look Up"), new Activator())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(driver.descriptions()).isEqualTo(Map.of("look", "does as it is told"));
    }
}
