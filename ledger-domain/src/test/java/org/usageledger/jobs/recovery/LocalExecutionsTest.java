package org.usageledger.jobs.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.jobs.recovery.LocalEntry.Phase;
import org.usageledger.jobs.recovery.Tally.Count;

class LocalExecutionsTest {
    private static final Self SELF = new Self("me", 1, 1);
    private static final UUID ID = new UUID(4, 2);
    private static final Key KEY = Key.first(ID);

    private final LocalExecutions local = new LocalExecutions(3);

    private static Listed owned(long epoch) {
        return new Listed.Owned(ID, "demo", epoch, 1, "me", 1, false, false, false);
    }

    private Plan pass(Map<UUID, Outcome> outcomes, Listed... rows) {
        long mark = local.mark();
        Plan plan = RecoveryPlanner.plan(local.drain(), new Listing(List.of(rows), mark), SELF);
        local.after(plan, outcomes);
        return plan;
    }

    private void run() {
        assertThat(local.starting(ID)).isTrue();
        local.created(ID);
    }

    private void nothingIsLeft() {
        assertThat(local.snapshot().entries()).isEmpty();
        assertThat(local.counts().addsUp()).isTrue();
    }

    @Nested
    class AStart {

        @Test
        void is_kept_however_many_listings_do_not_show_it() {
            assertThat(local.starting(ID)).isTrue();
            for (int i = 0; i < 100; i++) {
                pass(Map.of());
            }

            assertThat(pass(Map.of(), owned(1)).verdicts()).containsExactly(new Verdict.SkipRunning(ID));
        }

        @Test
        void that_failed_leaves_nothing() {
            assertThat(local.starting(ID)).isTrue();
            local.createFailed(ID);
            local.drain();

            nothingIsLeft();
        }

        @Test
        void that_is_carried_out_and_ends_leaves_nothing() {
            run();
            pass(Map.of(), owned(1));
            local.ended(KEY);
            pass(Map.of());

            nothingIsLeft();
            assertThat(local.counts().tally().of(Count.FORGOTTEN)).isEqualTo(1);
        }

        @Test
        void is_refused_when_too_much_waits_for_a_pass() {
            for (int i = 0; i < LocalExecutions.WAITING_MESSAGES; i++) {
                assertThat(local.starting(new UUID(1, i))).isTrue();
            }
            assertThat(local.starting(ID)).isFalse();
            local.drain();
            assertThat(local.starting(ID)).isTrue();
        }
    }

    @Nested
    class AStartInDoubt {

        @Test
        void is_claimed_anew_if_its_row_appears() {
            assertThat(local.starting(ID)).isTrue();
            local.createInDoubt(ID);
            pass(Map.of());
            Plan plan = pass(Map.of(), owned(1));
            local.claimed(plan.claims().getFirst());

            assertThat(plan.claims()).extracting(Verdict.Claim::reason).containsExactly(ClaimReason.IN_DOUBT);
            assertThat(local.snapshot().entries())
                    .extracting(LocalEntry::key, LocalEntry::phase)
                    .containsExactly(tuple(new Key(ID, 2), Phase.RUNNING));
            assertThat(local.counts().tally().of(Count.CLAIMED_WITHOUT_LOCAL)).isZero();
            assertThat(local.counts().addsUp()).isTrue();
        }

        @Test
        void is_dropped_after_some_listings_without_its_row() {
            assertThat(local.starting(ID)).isTrue();
            local.createInDoubt(ID);
            pass(Map.of());
            pass(Map.of());
            assertThat(local.snapshot().entries()).hasSize(1);
            pass(Map.of());

            nothingIsLeft();
            assertThat(local.counts().tally().of(Count.DOUBT_DROPPED)).isEqualTo(1);
        }
    }

    @Nested
    class AnEndNotSaid {

        private static final Map<UUID, Outcome> ENDED = Map.of(ID, new Outcome.FoundEnded());

        @Test
        void is_inferred_when_a_second_look_up_finds_it_ended() {
            run();
            pass(Map.of(), owned(1));
            pass(ENDED);
            assertThat(local.counts().maybeDone()).isEqualTo(1);
            pass(ENDED);

            nothingIsLeft();
            assertThat(local.counts().tally().of(Count.INFERRED_DONE)).isEqualTo(1);
        }

        @Test
        void is_not_inferred_when_it_is_said_in_between() {
            run();
            pass(Map.of(), owned(1));
            pass(ENDED);
            local.ended(KEY);
            pass(ENDED);

            nothingIsLeft();
            assertThat(local.counts().tally().of(Count.INFERRED_DONE)).isZero();
        }

        @Test
        void is_never_inferred_from_a_look_up_that_found_it_active_or_nothing_or_failed() {
            run();
            pass(Map.of(), owned(1));
            LocalExecutions.Snapshot before = local.snapshot();
            for (Outcome outcome :
                    List.of(new Outcome.FoundActive(), new Outcome.FoundNothing(), new Outcome.Unanswered())) {
                pass(Map.of(ID, outcome));
            }
            pass(Map.of());

            assertThat(local.snapshot()).isEqualTo(before);
        }
    }

    @Test
    void what_runs_here_cannot_be_claimed_here() {
        run();
        local.drain();

        assertThatThrownBy(() -> local.claimed(new Verdict.LostLocally(ID, 1, "demo", "me/1")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("claimed while it is here");
    }

    @Test
    void what_is_fenced_off_is_counted_once_and_kept_until_its_thread_ends() {
        run();
        Listed taken = new Listed.Owned(ID, "demo", 2, 1, "other", 1, true, false, false);
        pass(Map.of(), taken);
        pass(Map.of(), taken);
        local.ended(KEY);
        Plan afterwards = pass(Map.of(), taken);

        assertThat(local.counts().tally().of(Count.FENCED)).isEqualTo(1);
        assertThat(afterwards.claims()).hasOnlyElementsOfType(Verdict.TakeOver.class);
        nothingIsLeft();
    }

    @Test
    void pass_after_pass_over_the_same_rows_changes_nothing() {
        run();
        Plan first = pass(Map.of(), owned(1));
        LocalExecutions.Snapshot before = local.snapshot();
        LocalCounts counts = local.counts();

        for (int i = 0; i < 5; i++) {
            assertThat(pass(Map.of(), owned(1))).isEqualTo(first);
        }
        assertThat(local.snapshot()).isEqualTo(before);
        assertThat(local.counts()).isEqualTo(counts);
    }

    @Test
    void listings_that_fail_change_nothing_and_what_was_said_is_heard_all_the_same() {
        run();
        pass(Map.of(), owned(1));
        LocalExecutions.Snapshot before = local.snapshot();
        for (int i = 0; i < 20; i++) {
            assertThat(local.drain()).isEqualTo(before);
        }
        for (int failed = 0; failed < 3; failed++) {
            for (int i = 0; i < LocalExecutions.WAITING_MESSAGES; i++) {
                assertThat(local.starting(new UUID(failed, i))).isTrue();
            }
            local.drain();
        }
        assertThat(local.counts().starting()).isEqualTo(3L * LocalExecutions.WAITING_MESSAGES);
        assertThat(local.counts().running()).isEqualTo(1);
    }

    @Test
    void what_could_not_be_read_for_a_while_is_still_carried_out_once() {
        run();
        for (int i = 0; i < 10; i++) {
            assertThat(pass(Map.of(), new Listed.Unreadable(ID, "no such state"))
                            .verdicts())
                    .hasOnlyElementsOfType(Verdict.Unreadable.class);
        }

        assertThat(pass(Map.of(), owned(1)).verdicts()).containsExactly(new Verdict.SkipRunning(ID));
    }

    @Test
    void what_many_threads_say_at_once_is_heard_whole_and_in_the_order_of_each() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int number = thread;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 500; i++) {
                    UUID execution = new UUID(number, i);
                    local.starting(execution);
                    local.created(execution);
                    local.ended(Key.first(execution));
                }
            }));
        }
        while (threads.stream().anyMatch(Thread::isAlive)) {
            pass(Map.of());
        }
        for (Thread thread : threads) {
            thread.join();
        }
        pass(Map.of());
        pass(Map.of());

        assertThat(local.counts().tally().of(Count.OBSERVED_STARTED)).isEqualTo(4_000);
        assertThat(local.counts().tally().of(Count.FORGOTTEN)).isEqualTo(4_000);
        nothingIsLeft();
    }
}
