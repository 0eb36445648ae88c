package org.usageledger.jobs.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class RecoveryReportTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    private static final LocalCounts NOTHING = new LocalExecutions().counts();

    private final List<Verdict> verdicts = new ArrayList<>();
    private final Map<UUID, Outcome> outcomes = new HashMap<>();

    private UUID next() {
        return new UUID(0, verdicts.size());
    }

    private static Failure failure(UUID execution) {
        return new Failure(NOON, execution, "demo", 3, true, 2, Optional.of(NOON.plusSeconds(5)), "cannot");
    }

    private void claims(int count, Outcome outcome) {
        for (int i = 0; i < count; i++) {
            Verdict.Claim claim = new Verdict.TakeOver(next(), 1, "demo", ClaimReason.LEASE_EXPIRED, "n3/7");
            verdicts.add(claim);
            outcomes.put(claim.execution(), outcome);
        }
    }

    private Pass pass(int found) {
        return new Pass(
                new Plan(verdicts, found, List.of(), List.of()),
                outcomes,
                NOON,
                Duration.ofMillis(41),
                Duration.ofMillis(43));
    }

    /** Mutant: messages as long as they are, and all rows: then nothing at all of the report would be kept. */
    @Test
    void however_much_has_failed_what_is_told_of_it_is_short_enough_to_be_kept() {
        RecoveryReport report = RecoveryReport.neverRun();
        for (int i = 0; i < 200; i++) {
            report = report.attemptFailed(
                    new Failure(NOON, new UUID(1, i), "demo", 3, true, i, Optional.of(NOON), "x".repeat(2_000)));
        }
        claims(200, new Outcome.Claimed());
        report = report.completed(pass(200), NOTHING);

        assertThat(report.details().toString()).hasSizeLessThan(48 * 1024).contains("attempt_failures=200");
        assertThat(String.valueOf(report.details().get("recent_failures")))
                .startsWith("[{at=" + NOON + ", execution=" + new UUID(1, 199));
    }

    @Test
    void every_number_stands_under_its_own_name() {
        for (int i = 0; i < 2; i++) {
            verdicts.add(new Verdict.Start(next(), 0, "demo"));
            outcomes.put(verdicts.getLast().execution(), new Outcome.Claimed());
        }
        for (int i = 0; i < 3; i++) {
            verdicts.add(new Verdict.Recover(next(), 1, "demo", ClaimReason.RESTART, "n1/6"));
            outcomes.put(verdicts.getLast().execution(), new Outcome.Claimed());
        }
        claims(4, new Outcome.Claimed());
        claims(5, new Outcome.Failed(failure(new UUID(9, 9))));
        for (int i = 0; i < 6; i++) {
            verdicts.add(new Verdict.SkipRunning(next()));
        }
        for (int i = 0; i < 7; i++) {
            verdicts.add(new Verdict.Others(next()));
        }
        for (int i = 0; i < 8; i++) {
            verdicts.add(new Verdict.Backoff(next()));
        }
        for (int i = 0; i < 9; i++) {
            verdicts.add(new Verdict.ForeignGeneration(next(), 2));
        }
        for (int i = 0; i < 10; i++) {
            verdicts.add(new Verdict.Unreadable(next(), "no such state"));
        }
        claims(11, new Outcome.Deferred());
        RecoveryReport report = RecoveryReport.neverRun().completed(pass(65), NOTHING);

        assertThat(report.lastPass()).isInstanceOfSatisfying(LastPass.Completed.class, last -> {
            assertThat(last.addsUp()).isTrue();
            assertThat(last.success()).isFalse();
        });
        assertThat(report.details())
                .extractingByKey("last_pass")
                .hasToString("{kind=completed, found=65, started=2, recovered=3, taken_over=4, failed=5, skipped=6,"
                        + " others=7, backoff=8, foreign=9, unreadable=10, deferred=11, forgotten=0, list_ms=41,"
                        + " execute_ms=43}");
    }

    @Test
    void what_is_counted_since_the_start_stands_under_its_own_name() {
        Tally tally = new Tally();
        for (Tally.Count count : Tally.Count.values()) {
            for (int i = 0; i < count.label().length(); i++) {
                tally.add(count);
            }
        }
        RecoveryReport report = new RecoveryReport(
                new LocalCounts(1, 2, 3, 4, 5, tally),
                new RecoveryReport.Alarms(21, 22, 23, 24, 25, 26),
                new LastPass.NeverRun(),
                List.of(),
                List.of());

        assertThat(report.details())
                .extractingByKey("since_start", InstanceOfAssertFactories.MAP)
                .containsAllEntriesOf(
                        Arrays.stream(Tally.Count.values()).collect(Collectors.toMap(Tally.Count::label, count ->
                                (long) count.label().length())))
                .containsAllEntriesOf(Map.of(
                        "attempt_failures", 21L,
                        "abandoned", 22L,
                        "listing_failures", 23L,
                        "missing", 24L,
                        "listing_bug", 25L,
                        "unreadable", 26L));
        assertThat(report.details())
                .extractingByKey("local")
                .hasToString("{starting=1, in_doubt=2, running=3, ended=4, maybe_done=5}");
        assertThat(report.details()).extractingByKey("last_pass").hasToString("{kind=never_run}");
    }

    @Test
    void claims_that_somebody_else_made_first_are_others_and_look_ups_are_no_part_of_what_was_found() {
        claims(2, new Outcome.Elsewhere());
        verdicts.add(new Verdict.Fenced(Key.first(next()), 2));
        verdicts.add(new Verdict.MaybeDone(Key.first(next())));
        outcomes.put(verdicts.getLast().execution(), new Outcome.FoundNothing());
        verdicts.add(new Verdict.MaybeDone(Key.first(next())));
        outcomes.put(verdicts.getLast().execution(), new Outcome.FoundActive());
        verdicts.add(new Verdict.Keep(Key.first(next())));
        RecoveryReport report = RecoveryReport.neverRun().completed(pass(3), NOTHING);

        assertThat(report.lastPass()).isInstanceOfSatisfying(LastPass.Completed.class, last -> {
            assertThat(last.others()).isEqualTo(3);
            assertThat(last.addsUp()).isTrue();
            assertThat(last.nothingLeft()).isTrue();
        });
        assertThat(report.alarms().missing()).isEqualTo(1);
        assertThat(report.alarms().listingBug()).isEqualTo(1);
    }

    @Test
    void a_listing_that_fails_says_so_and_keeps_all_other_counts() {
        RecoveryReport before = RecoveryReport.neverRun().attemptFailed(failure(new UUID(1, 1)));
        RecoveryReport after = before.listingFailed("connection refused", NOTHING);

        assertThat(after.details())
                .extractingByKey("last_pass")
                .hasToString("{kind=failed, message=connection refused}");
        assertThat(after.alarms()).isEqualTo(new RecoveryReport.Alarms(1, 0, 1, 0, 0, 0));
        assertThat(after.recentFailures()).isEqualTo(before.recentFailures());
        assertThat(after.passFailed("cannot go on", NOTHING).alarms()).isEqualTo(after.alarms());
    }

    @Test
    void the_newest_recoveries_and_failures_are_remembered_newest_first() {
        claims(100, new Outcome.Claimed());
        RecoveryReport once = RecoveryReport.neverRun().completed(pass(100), NOTHING);
        RecoveryReport twice = once.completed(pass(100), NOTHING);
        for (int i = 0; i < 200; i++) {
            twice = twice.attemptFailed(failure(new UUID(2, i)));
        }

        assertThat(twice.recentRecoveries()).hasSize(RecoveryReport.REMEMBERED);
        assertThat(twice.recentRecoveries().getFirst())
                .isEqualTo(new Recovery(NOON, new UUID(0, 99), "demo", ClaimReason.LEASE_EXPIRED, "n3/7", 2));
        assertThat(twice.recentFailures()).hasSize(RecoveryReport.REMEMBERED);
        assertThat(twice.recentFailures().getFirst().execution()).isEqualTo(new UUID(2, 199));
        assertThat(twice.alarms().attemptFailures()).isEqualTo(200);
        assertThat(twice.abandoned().alarms().abandoned()).isEqualTo(1);
    }

    @Test
    void recoveries_and_failures_are_told_whole() {
        claims(1, new Outcome.Claimed());
        RecoveryReport report =
                RecoveryReport.neverRun().completed(pass(1), NOTHING).attemptFailed(failure(new UUID(0, 7)));

        assertThat(report.details())
                .extractingByKey("recent_recoveries")
                .hasToString("[{at=2026-01-02T12:00:00Z, execution=00000000-0000-0000-0000-000000000000, kind=demo,"
                        + " reason=lease_expired, from=n3/7, epoch=2}]");
        assertThat(report.details())
                .extractingByKey("recent_failures")
                .hasToString("[{at=2026-01-02T12:00:00Z, execution=00000000-0000-0000-0000-000000000007, kind=demo,"
                        + " epoch=3, class=transient, attempt=2, next_attempt_at=2026-01-02T12:00:05Z,"
                        + " message=cannot}]");
    }
}
