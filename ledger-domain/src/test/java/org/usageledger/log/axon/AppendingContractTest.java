package org.usageledger.log.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.Origin;
import org.usageledger.event.UsageEvent;
import org.usageledger.log.AppendRequest;
import org.usageledger.log.AppendResult;
import org.usageledger.log.Cursor;
import org.usageledger.log.Outcome;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class AppendingContractTest {
    private static final Duration PATIENCE = Duration.ofSeconds(StorageSituation.PATIENCE_SECONDS);
    private StorageSituation at;

    @BeforeEach
    void open(TestDatabase database) {
        at = new StorageSituation(database);
    }

    @AfterEach
    void close() {
        at.close();
    }

    private static void assertRejected(CompletableFuture<ConsistencyMarker> append) {
        assertThat(append)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(AppendEventsTransactionRejectedException.class);
    }

    @Test
    void what_the_condition_excludes_is_on_record_so_nothing_is_recorded() {
        at.append(at.event(at.one), at.event(at.one));

        assertRejected(at.begin(AppendCondition.withCriteria(at.ofOne()), at.event(at.one)));
        assertThat(at.log.everything()).hasSize(2);
    }

    /** Mutant: the head, under which others' events of the same transaction stand unseen. */
    @Test
    void the_marker_afterwards_is_the_last_event_of_its_own() {
        AppendRequest request = AppendRequest.of(List.of(), AppendRequest.OnConflict.REFUSE_REQUEST);
        AppendByAppender append = new AppendByAppender(at.log.appender, request, new GlobalIndexConsistencyMarker(2));
        Cursor head = new Cursor(1, 10, 0);

        assertThat(append.afterCommit(
                        new AppendResult.Done(List.of(new Outcome.Recorded(3), new Outcome.Recorded(4)), head), null))
                .isCompletedWithValue(new GlobalIndexConsistencyMarker(4));
        assertThat(append.afterCommit(new AppendResult.Done(List.of(new Outcome.Duplicate(7)), head), null))
                .isCompletedWithValue(new GlobalIndexConsistencyMarker(2));
    }

    @Test
    void of_two_that_were_prepared_together_the_first_to_commit_wins() {
        AppendCondition condition = AppendCondition.withCriteria(at.ofOne());
        var first = at.prepare(condition, at.event(at.one));
        var second = at.prepare(condition, at.event(at.one));

        assertThat(StorageSituation.finish(first)).succeedsWithin(PATIENCE);
        assertRejected(StorageSituation.finish(second));
    }

    @RepeatedTest(5)
    void two_resources_do_not_hinder_each_other() {
        var first = at.prepare(AppendCondition.withCriteria(at.ofOne()), at.event(at.one));
        var second = at.prepare(AppendCondition.withCriteria(at.ofOther()), at.event(at.other));

        var firstMarker = StorageSituation.finish(first);
        var secondMarker = StorageSituation.finish(second);

        ConsistencyMarker one = new GlobalIndexConsistencyMarker(1);
        ConsistencyMarker two = new GlobalIndexConsistencyMarker(2);
        assertThat(List.of(StorageSituation.done(firstMarker), StorageSituation.done(secondMarker)))
                .isIn(List.of(one, two), List.of(two, one), List.of(two, two));
    }

    @Test
    void of_two_under_way_at_once_for_one_resource_one_is_rejected() {
        var first = at.begin(AppendCondition.withCriteria(at.ofOne()), at.event(at.one));
        var second = at.begin(AppendCondition.withCriteria(at.ofOne()), at.event(at.one));

        assertThat(List.of(outcome(first), outcome(second))).containsExactlyInAnyOrder("recorded", "rejected");
        assertThat(at.log.everything()).hasSize(1);
    }

    private static String outcome(CompletableFuture<ConsistencyMarker> append) {
        try {
            append.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return "recorded";
        } catch (ExecutionException e) {
            return e.getCause() instanceof AppendEventsTransactionRejectedException ? "rejected" : e.toString();
        } catch (Exception e) {
            return e.toString();
        }
    }

    @Test
    void an_append_without_events_leaves_the_log_as_it_is() {
        assertThat(at.begin(AppendCondition.none())).succeedsWithin(PATIENCE);
        assertThat(at.log.everything()).isEmpty();
    }

    @Test
    void what_was_rolled_back_is_not_recorded() {
        var prepared = StorageSituation.done(at.prepare(AppendCondition.none(), at.event(at.one)));
        prepared.rollback(null);

        assertThat(prepared.commit(null)).failsWithin(PATIENCE);
        assertThat(at.log.everything()).isEmpty();
    }

    @Test
    void a_bare_usage_event_is_the_platforms() {
        at.append(at.event(at.one));

        assertThat(at.log.everything().getFirst().origin()).isEqualTo(Origin.PLATFORM);
    }

    @Test
    void a_tasks_stop_without_its_start_is_kept_aside_here_too() {
        at.append(Events.task("t1", "TASK_STOPPED"));

        assertThat(at.log.everything()).isEmpty();
    }

    @Test
    void the_same_guid_with_other_content_is_refused_and_is_no_conflict_of_positions() {
        UsageEvent event = Events.process("g1", at.one, "STARTED", 256);
        at.append(event);

        assertThat(at.begin(AppendCondition.none(), Events.process("g1", at.one, "STARTED", 512)))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        NotAppended.class, not -> assertThat(not.result()).isInstanceOf(AppendResult.Refused.class));
    }
}
