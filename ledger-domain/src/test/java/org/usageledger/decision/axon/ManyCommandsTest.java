package org.usageledger.decision.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.usageledger.decision.Answer;
import org.usageledger.decision.Decisions;
import org.usageledger.decision.Listing;
import org.usageledger.decision.Refusal;
import org.usageledger.decision.RunCommand;
import org.usageledger.event.Body;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.log.Cursor;
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
    void tried_again_add_nothing_and_say_that_they_are_on_record(TestDatabase database) {
        try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
            at.record(started(3));
            List<RunCommand> commands = List.of(at.start("q1"), at.end("p0"), at.end("p1"), at.start("p2"));
            at.decideAll(commands);
            at.record(Events.process("p1", "STARTED"));

            assertThat(at.decideAll(commands))
                    .containsExactly(
                            new Answer.AlreadyRecorded(4),
                            new Answer.AlreadyRecorded(5),
                            new Answer.AlreadyRecorded(6),
                            new Answer.Refused(new Refusal.AlreadyRuns(3)));
            assertThat(at.log.everything()).hasSize(7);
        }
    }

    @Test
    void that_make_no_event_are_refused_alone(TestDatabase database) throws SQLException {
        try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
            at.record(started(2));
            DecisionsSituation.damage(database, 1);
            Body none = Body.owning("{\"process\":".getBytes(StandardCharsets.UTF_8));

            List<Answer> answers = at.decideAll(List.of(
                    at.end("p0"),
                    new RunCommand.StartBaseline(DecisionsSituation.process("q1"), none, at.list()),
                    new RunCommand.StartBaseline(
                            DecisionsSituation.process("q2"),
                            Events.process("q3", "STARTED").body(),
                            at.list()),
                    at.end("p1")));

            assertThat(answers.subList(0, 3))
                    .allSatisfy(answer -> assertThat(answer)
                            .isInstanceOfSatisfying(
                                    Answer.Refused.class,
                                    refused -> assertThat(refused.why()).isInstanceOf(Refusal.Unreadable.class)));
            assertThat(answers.getLast()).isEqualTo(new Answer.Recorded(3));
        }
    }

    @Test
    void whose_list_knows_more_than_is_confirmed_here_wait(TestDatabase database) {
        try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
            at.record(started(1));
            Listing ahead = at.list(new Cursor(1, 2, 0));

            List<Answer> answers =
                    at.decideAll(List.of(new RunCommand.EndRun(DecisionsSituation.process("p9"), ahead), at.end("p0")));

            assertThat(answers.getFirst()).isInstanceOf(Answer.NotYet.class);
            assertThat(answers.getLast()).isEqualTo(new Answer.Recorded(2));
        }
    }

    @Test
    void of_a_list_from_a_lost_history_are_refused(TestDatabase database) throws SQLException {
        try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
            at.record(started(3));
            RunCommand above = at.end("p0");
            Listing below = at.list(new Cursor(1, 1, 0));
            DecisionsSituation.loseAfter(database, 1);
            at.record(Events.process("p8", "STARTED"), Events.process("p9", "STARTED"));

            Answer refused = new Answer.Refused(new Refusal.ForkedList(new Cursor(2, 1, 0)));
            assertThat(at.decideAll(List.of(above))).containsExactly(refused);
            assertThat(at.decide(above)).isEqualTo(refused);
            assertThat(at.decideAll(List.of(new RunCommand.EndRun(DecisionsSituation.process("p0"), below))))
                    .containsExactly(new Answer.Recorded(4));
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
