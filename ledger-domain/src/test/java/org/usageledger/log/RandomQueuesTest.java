package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.Origin;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.testing.Seed;

/** The judge against a ledger that hears every request alone: same rows, same answers, same stops aside. */
class RandomQueuesTest {
    private static final int LEDGERS = 300;
    private static final int TRANSACTIONS = 6;
    private static final List<String> TASK_STATES =
            List.of("TASK_STARTED", "TASK_STOPPED", "TASK_STOPPED", "TASK_WAS_RUNNING");
    private static final List<String> PROCESS_STATES = List.of("STARTED", "STOPPED", "BUILDPACK_SET", "UNHEARD_OF");

    private final RandomGenerator random = Seed.forRun().generator();

    @Test
    void a_queue_judged_in_one_transaction_is_as_if_each_request_had_its_own() {
        for (int i = 0; i < LEDGERS; i++) {
            NaiveLedger naive = new NaiveLedger();
            for (int t = 0; t < TRANSACTIONS; t++) {
                if (random.nextInt(4) == 0) {
                    naive.forgottenBefore = time();
                }
                judgeBoth(naive, queue(naive));
            }
        }
    }

    private static void judgeBoth(NaiveLedger naive, List<AppendRequest> queue) {
        int headBefore = naive.log.size();
        List<NaiveLedger.Kept> asidesBefore = List.copyOf(naive.asides);
        Judgement judgement = Judge.inQueueOrder(naive.snapshot(queue), queue);
        List<Judgement.Verdict> expected = queue.stream().map(naive::append).toList();

        assertThat(judgement.verdicts()).as("answers to %s", queue).isEqualTo(expected);
        List<Judgement.Row> rows = new ArrayList<>();
        for (int i = headBefore; i < naive.log.size(); i++) {
            rows.add(new Judgement.Row(i + 1, naive.log.get(i)));
        }
        assertThat(judgement.rows()).as("rows of %s", queue).isEqualTo(rows);
        List<Judgement.Aside> asides = new ArrayList<>();
        List<Judgement.Release> releases = new ArrayList<>();
        for (NaiveLedger.Kept kept : naive.asides) {
            if (asidesBefore.contains(kept)) {
                continue;
            }
            Long recordedAt = kept.recordedAt();
            if (asidesBefore.contains(new NaiveLedger.Kept(kept.stop(), kept.reason(), null)) && recordedAt != null) {
                releases.add(new Judgement.Release(kept.stop().identity(), recordedAt));
            } else {
                asides.add(new Judgement.Aside(kept.stop(), kept.reason(), recordedAt));
            }
        }
        assertThat(judgement.asides()).as("asides of %s", queue).containsExactlyInAnyOrderElementsOf(asides);
        assertThat(judgement.releases()).as("releases of %s", queue).containsExactlyInAnyOrderElementsOf(releases);
    }

    private List<AppendRequest> queue(NaiveLedger naive) {
        List<AppendRequest> queue = new ArrayList<>();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            queue.add(request(naive));
        }
        return queue;
    }

    private AppendRequest request(NaiveLedger naive) {
        List<NewEvent> events = new ArrayList<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            events.add(TestLog.encode(event()));
        }
        List<Condition> conditions = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            long after = Math.max(0, naive.log.size() - random.nextInt(5));
            conditions.add(new Condition(
                    new Resource(ResourceKind.TASK, "task" + random.nextInt(2)), new Cursor(1, after, 0)));
        }
        AppendRequest.OnConflict onConflict =
                random.nextBoolean() ? AppendRequest.OnConflict.REFUSE_REQUEST : AppendRequest.OnConflict.SKIP_EVENT;
        return new AppendRequest(events, onConflict, conditions, Optional.empty());
    }

    /** Of a small world, so that guids, contents and tasks meet again and again. */
    private UsageEvent event() {
        if (random.nextInt(4) == 0) {
            return Events.process("p" + random.nextInt(6), "process" + random.nextInt(2), pick(PROCESS_STATES), time());
        }
        String task = "task" + random.nextInt(2);
        String state = pick(TASK_STATES);
        // The guid settles most of the content, so that there are more duplicates than conflicts.
        int memory = random.nextInt(10) == 0 ? 512 : 256;
        String guid = state + task + random.nextInt(3);
        return Events.app(guid, state, null, Events.NOON, Events.Shape.task(task, memory));
    }

    private Instant time() {
        return Events.NOON.plus(Duration.ofMinutes(random.nextInt(-3, 2)));
    }

    private String pick(List<String> states) {
        return states.get(random.nextInt(states.size()));
    }

    @Test
    void what_a_baseline_writes_counts_like_what_the_platform_sends() {
        NewEvent beginning = NewEvent.of(Events.task("t1", "TASK_WAS_RUNNING"), Origin.BASELINE);
        NewEvent stop = TestLog.encode(Events.task("t1", "TASK_STOPPED"));
        judgeBoth(
                new NaiveLedger(),
                List.of(
                        AppendRequest.of(List.of(stop), AppendRequest.OnConflict.SKIP_EVENT),
                        AppendRequest.of(List.of(beginning), AppendRequest.OnConflict.SKIP_EVENT)));
    }
}
