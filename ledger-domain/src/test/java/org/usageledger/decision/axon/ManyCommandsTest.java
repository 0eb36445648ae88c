package org.usageledger.decision.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.usageledger.decision.Answer;
import org.usageledger.decision.Decisions;
import org.usageledger.decision.Refusal;
import org.usageledger.decision.RunCommand;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.log.Fence;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.ResourceReader;
import org.usageledger.log.TestLog;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class ManyCommandsTest {
    private static final int MANY = Decisions.MOST_COMMANDS;

    private static UsageEvent[] started(int processes) {
        UsageEvent[] events = new UsageEvent[processes];
        for (int i = 0; i < processes; i++) {
            events[i] = Events.process("p" + i, "STARTED");
        }
        return events;
    }

    private static List<RunCommand> ends(DecisionsSituation at, int processes) {
        List<RunCommand> commands = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            commands.add(at.end("p" + i));
        }
        return commands;
    }

    @Test
    void end_a_thousand_runs_by_two_looks_and_one_transaction(TestDatabase database) {
        TestLog log = new TestLog(database);
        try (HeadWatch heads = new HeadWatch(database.dataSource(), Duration.ofMillis(20))) {
            Meddling.BetweenLooks counted = new Meddling.BetweenLooks(database.address(), () -> {});
            ResourceReader resources = new ResourceReader(counted, heads);
            try (DecisionsSituation at = new DecisionsSituation(log, DecisionsSituation.storage(log), resources)) {
                at.record(started(MANY));
                long before = log.appender.status().transactions();

                List<Answer> answers = at.decideAll(ends(at, MANY));

                assertThat(answers).hasSize(MANY).allMatch(Answer.Recorded.class::isInstance);
                assertThat(answers.getFirst()).isEqualTo(new Answer.Recorded(MANY + 1));
                assertThat(answers.getLast()).isEqualTo(new Answer.Recorded(2 * MANY));
                assertThat(counted.looks).hasValue(2);
                assertThat(log.appender.status().transactions()).isEqualTo(before + 1);
            }
        }
    }

    @Test
    void leave_out_those_that_were_overtaken_and_say_so(TestDatabase database) {
        TestLog log = new TestLog(database);
        try (HeadWatch heads = new HeadWatch(database.dataSource(), Duration.ofMillis(20))) {
            ResourceReader resources = new ResourceReader(
                    new Meddling.BetweenLooks(database.address(), () -> log.outcomes(Events.process("p1", "STOPPED"))),
                    heads);
            try (DecisionsSituation at = new DecisionsSituation(log, DecisionsSituation.storage(log), resources)) {
                at.record(started(3));

                assertThat(at.decideAll(ends(at, 3)))
                        .containsExactly(new Answer.Recorded(5), new Answer.Overtaken(4), new Answer.Recorded(6));
            }
        }
    }

    @Test
    void answer_each_in_its_place(TestDatabase database) {
        try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
            at.record(Events.process("p1", "STARTED"), Events.task("t1", "TASK_STARTED"));

            assertThat(at.decideAll(
                            List.of(at.start("p1"), at.start("p2"), at.stop("t1"), at.end("p3"), at.start("p4"))))
                    .containsExactly(
                            new Answer.Refused(new Refusal.AlreadyRuns(1)),
                            new Answer.Recorded(3),
                            new Answer.Recorded(4),
                            new Answer.Refused(new Refusal.NotRunning()),
                            new Answer.Recorded(5));
        }
    }

    @Test
    void tried_again_add_nothing(TestDatabase database) {
        try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
            List<RunCommand> starts = List.of(at.start("p1"), at.start("p2"));
            at.decideAll(starts);

            assertThat(at.decideAll(starts))
                    .containsExactly(
                            new Answer.Refused(new Refusal.AlreadyRuns(1)),
                            new Answer.Refused(new Refusal.AlreadyRuns(2)));
            assertThat(at.log.everything()).hasSize(2);
        }
    }

    @Test
    void are_recorded_together_or_not_at_all(TestDatabase database) {
        try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
            Fence lost = new DecisionsSituation.Claim(Fence.Standing.FENCED);

            assertThat(at.decisions.decideAll(List.of(at.start("p1"), at.start("p2")), Optional.of(lost)))
                    .containsExactly(new Answer.Fenced(), new Answer.Fenced());
            assertThat(at.log.everything()).isEmpty();
        }
    }

    @Test
    void are_about_different_resources_and_not_too_many(TestDatabase database) {
        try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
            assertThatThrownBy(() -> at.decideAll(List.of(at.start("p1"), at.end("p1"))))
                    .hasRootCauseMessage("two commands of one bulk are about " + DecisionsSituation.process("p1"));
            assertThatThrownBy(() -> at.decideAll(ends(at, MANY + 1)))
                    .rootCause()
                    .hasMessageContaining("at most " + MANY);
        }
    }
}
