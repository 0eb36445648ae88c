package org.usageledger.jobs.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.jobs.recovery.LocalEntry.Phase;
import org.usageledger.testing.Seed;

class RecoveryPlannerTest {
    private static final Self SELF = new Self("me", 7, 1);
    private static final UUID ID = new UUID(4, 2);
    private static final long MARK = 10;
    private static final long BEFORE = 9;
    private static final long SINCE = 11;

    private static Listed.Owned owned(String node, long incarnation, long epoch) {
        return new Listed.Owned(ID, "demo", epoch, 1, node, incarnation, false, false, false);
    }

    private static Listed.Owned left(String node, boolean expired, boolean expunged) {
        return new Listed.Owned(ID, "demo", 3, 1, node, 2, expired, expunged, false);
    }

    private static Listed.Pending pending(long epoch, boolean due) {
        return new Listed.Pending(ID, "demo", epoch, 1, due);
    }

    private static LocalEntry here(Phase phase, long epoch, long since) {
        return LocalEntry.of(new Key(ID, epoch), phase, since);
    }

    private static Plan plan(List<LocalEntry> local, Listed... rows) {
        return RecoveryPlanner.plan(new LocalExecutions.Snapshot(local), new Listing(List.of(rows), MARK), SELF);
    }

    private static Verdict verdict(Listed row, LocalEntry... local) {
        Plan plan = plan(List.of(local), row);
        assertThat(plan.addsUp()).isTrue();
        assertThat(plan.verdicts()).hasSize(1);
        return plan.verdicts().getFirst();
    }

    private static Verdict unlisted(LocalEntry entry) {
        return plan(List.of(entry)).verdicts().getFirst();
    }

    @Nested
    class NothingOfItHere {

        @Test
        void what_is_pending_is_started_when_it_is_due() {
            assertThat(verdict(pending(0, true))).isEqualTo(new Verdict.Start(ID, 0, "demo"));
            assertThat(verdict(pending(2, false))).isEqualTo(new Verdict.Backoff(ID));
        }

        @Test
        void what_an_older_incarnation_of_this_node_left_is_recovered_at_once() {
            assertThat(verdict(owned("me", 6, 3)))
                    .isEqualTo(new Verdict.Recover(ID, 3, "demo", ClaimReason.RESTART, "me/6"));
        }

        @Test
        void what_this_incarnation_lost_is_claimed_anew_and_counted_as_a_defect() {
            assertThat(verdict(owned("me", 7, 3))).isEqualTo(new Verdict.LostLocally(ID, 3, "demo", "me/7"));
        }

        @Test
        void what_a_younger_namesake_has_is_let_alone() {
            assertThat(verdict(owned("me", 8, 3))).isEqualTo(new Verdict.Others(ID));
        }

        @Test
        void what_another_node_has_is_let_alone_until_its_lease_ends_or_it_is_expunged() {
            assertThat(verdict(left("other", false, false))).isEqualTo(new Verdict.Others(ID));
            assertThat(verdict(left("other", true, false)))
                    .isEqualTo(new Verdict.TakeOver(ID, 3, "demo", ClaimReason.LEASE_EXPIRED, "other/2"));
            assertThat(verdict(left("other", false, true)))
                    .isEqualTo(new Verdict.TakeOver(ID, 3, "demo", ClaimReason.EXPUNGED, "other/2"));
        }

        @Test
        void what_belongs_to_other_code_is_reported() {
            assertThat(verdict(new Listed.Pending(ID, "demo", 0, 2, true)))
                    .isEqualTo(new Verdict.ForeignGeneration(ID, 2));
            assertThat(verdict(new Listed.Owned(ID, "demo", 1, 2, "other", 1, true, false, false)))
                    .isEqualTo(new Verdict.ForeignGeneration(ID, 2));
        }
    }

    @Nested
    class CarriedOutHere {

        @Test
        void it_is_skipped_in_every_phase_and_under_every_lease() {
            Listed expired = new Listed.Owned(ID, "demo", 1, 1, "me", 7, true, false, false);
            assertThat(verdict(owned("me", 7, 1), here(Phase.STARTING, 1, BEFORE)))
                    .isEqualTo(new Verdict.SkipRunning(ID));
            assertThat(verdict(expired, here(Phase.RUNNING, 1, BEFORE))).isEqualTo(new Verdict.SkipRunning(ID));
            assertThat(verdict(owned("me", 7, 1), here(Phase.ENDED, 1, SINCE))).isEqualTo(new Verdict.SkipRunning(ID));
        }

        @Test
        void it_is_not_started_before_its_thread_has_said_that_it_ended() {
            assertThat(verdict(pending(1, true), here(Phase.RUNNING, 1, BEFORE)))
                    .isEqualTo(new Verdict.SkipRunning(ID));
            assertThat(verdict(pending(1, true), here(Phase.ENDED, 1, BEFORE)))
                    .isEqualTo(new Verdict.Start(ID, 1, "demo"));
        }

        @Test
        void a_higher_epoch_fences_it_off_whoever_has_it_by_now() {
            LocalEntry running = here(Phase.RUNNING, 1, BEFORE);
            Verdict fenced = new Verdict.Fenced(running.key(), 3);
            assertThat(verdict(left("other", true, false), running)).isEqualTo(fenced);
            assertThat(verdict(pending(3, true), running)).isEqualTo(fenced);
            assertThat(verdict(owned("me", 7, 3), here(Phase.STARTING, 1, BEFORE)))
                    .isEqualTo(fenced);
        }

        @Test
        void a_listing_older_than_its_claim_says_nothing() {
            assertThat(verdict(left("other", true, false), here(Phase.RUNNING, 4, SINCE)))
                    .isEqualTo(new Verdict.SkipRunning(ID));
        }

        @Test
        void a_row_that_cannot_be_read_is_there() {
            Listed unreadable = new Listed.Unreadable(ID, "no such state");
            Plan plan = plan(List.of(here(Phase.ENDED, 1, BEFORE)), unreadable);

            assertThat(plan.verdicts()).containsExactly(new Verdict.Unreadable(ID, "no such state"));
            assertThat(plan.settled()).isEmpty();
        }
    }

    @Nested
    class LeftHereUnfinished {

        @Test
        void it_is_recovered_and_no_defect() {
            assertThat(verdict(owned("me", 7, 1), here(Phase.ENDED, 1, BEFORE)))
                    .isEqualTo(new Verdict.Recover(ID, 1, "demo", ClaimReason.LEFT_BEHIND, "me/7"));
            assertThat(verdict(owned("me", 7, 1), here(Phase.IN_DOUBT, 1, SINCE)))
                    .isEqualTo(new Verdict.Recover(ID, 1, "demo", ClaimReason.IN_DOUBT, "me/7"));
        }

        @Test
        void its_entry_stays_until_it_is_claimed() {
            assertThat(plan(List.of(here(Phase.ENDED, 1, BEFORE)), owned("me", 7, 1))
                            .settled())
                    .isEmpty();
            assertThat(plan(List.of(here(Phase.ENDED, 1, BEFORE)), owned("other", 1, 2))
                            .settled())
                    .containsExactly(new Key(ID, 1));
        }
    }

    @Nested
    class NotListed {

        @Test
        void what_is_starting_or_in_doubt_is_kept() {
            LocalEntry starting = here(Phase.STARTING, 1, BEFORE);
            assertThat(unlisted(starting)).isEqualTo(new Verdict.Keep(starting.key()));
            assertThat(unlisted(here(Phase.IN_DOUBT, 1, BEFORE))).isEqualTo(new Verdict.Keep(starting.key()));
        }

        @Test
        void what_runs_is_looked_up_only_if_its_row_was_there_before_the_listing_began() {
            LocalEntry running = here(Phase.RUNNING, 1, MARK);
            assertThat(unlisted(running)).isEqualTo(new Verdict.MaybeDone(running.key()));
            assertThat(unlisted(here(Phase.RUNNING, 1, SINCE))).isEqualTo(new Verdict.Keep(running.key()));
        }

        @Test
        void what_ended_is_forgotten_only_if_it_had_ended_before_the_listing_began() {
            LocalEntry ended = here(Phase.ENDED, 1, MARK);
            assertThat(unlisted(ended)).isEqualTo(new Verdict.Forget(ended.key()));
            assertThat(unlisted(here(Phase.ENDED, 1, SINCE))).isEqualTo(new Verdict.Keep(ended.key()));
        }
    }

    @Test
    void the_same_executions_give_the_same_plan_in_whatever_order_they_are_listed() {
        Random random = new Random(Seed.forRun().value());
        List<Listed> rows = new ArrayList<>();
        List<LocalEntry> local = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            UUID execution = new UUID(random.nextLong(), random.nextLong());
            if (random.nextBoolean()) {
                rows.add(new Listed.Owned(
                        execution, "demo", 1, 1, random.nextBoolean() ? "me" : "other", 7, false, false, false));
            }
            if (random.nextBoolean()) {
                Phase phase = List.of(Phase.values()).get(random.nextInt(4));
                local.add(LocalEntry.of(Key.first(execution), phase, random.nextInt(20)));
            }
        }
        Plan plan = RecoveryPlanner.plan(new LocalExecutions.Snapshot(local), new Listing(rows, MARK), SELF);
        Collections.shuffle(rows, random);
        Plan again = RecoveryPlanner.plan(new LocalExecutions.Snapshot(local), new Listing(rows, MARK), SELF);

        assertThat(again).isEqualTo(plan);
        assertThat(plan.addsUp()).isTrue();
        assertThat(plan.verdicts()).extracting(Verdict::execution).isSorted();
    }

    @Test
    void an_execution_has_one_row_and_one_verdict() {
        assertThatThrownBy(() -> new Listing(List.of(pending(0, true), owned("me", 7, 1)), MARK))
                .hasMessageContaining("is listed twice");
        List<Verdict> two = List.of(new Verdict.Others(ID), new Verdict.SkipRunning(ID));
        assertThatThrownBy(() -> new Plan(two, 1, List.of(), List.of())).hasMessageContaining("has two verdicts");
    }
}
