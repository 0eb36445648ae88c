package org.usageledger.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.Cursor;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.testing.Seed;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class RunningQueryTest extends RunningSituation {
    private static List<String> names(List<RunningResource> resources) {
        return resources.stream().map(r -> r.kind().label() + " " + r.guid()).toList();
    }

    private List<String> named(RunningFilter filter) {
        return names(page(filter, null, 100).running());
    }

    @Test
    void nothing_runs_in_an_empty_ledger() {
        RunningPage page = page(RunningFilter.ALL, null, 10);

        assertThat(page.running()).isEmpty();
        assertThat(page.next()).isNull();
        assertThat(page.asOf().cursor()).isEqualTo(new Cursor(1, 0, 0));
        assertThat(summary(GroupBy.KIND).groups()).isEmpty();
    }

    @Test
    void a_row_carries_its_run_and_the_event_that_sized_it_last() {
        Instant began = Instant.parse("2026-01-01T08:00:00Z");
        live(
                TestEvent.begins(ResourceKind.PROCESS, "p").at(began),
                TestEvent.begins(ResourceKind.PROCESS, "p").sized(4, 1024));

        RunningResource p = page(RunningFilter.ALL, null, 10).running().getFirst();
        assertThat(p.since()).isEqualTo(began);
        assertThat(p.sinceExact()).isTrue();
        assertThat(p.instances()).isEqualTo(4);
        assertThat(p.memoryMb()).isEqualTo(1024);
        assertThat(p.firstPosition()).isEqualTo(1);
        assertThat(p.latestPosition()).isEqualTo(2);
        assertThat(p.latestBody()).hasToString(TestLedger.body(2));
    }

    @Nested
    class Filters {
        @BeforeEach
        void some() {
            live(
                    TestEvent.begins(ResourceKind.PROCESS, "p1").in("o1", "s1", "a1"),
                    TestEvent.begins(ResourceKind.PROCESS, "p2").in("o1", "s2", "a2"),
                    TestEvent.begins(ResourceKind.TASK, "t1").in("o2", "s3", "a1"),
                    TestEvent.begins(ResourceKind.SERVICE_INSTANCE, "i1").in("o1", "s1", null));
        }

        @Test
        void by_kind_organization_space_and_app_and_by_all_of_them() {
            assertThat(named(RunningFilter.ALL))
                    .containsExactly("process p1", "process p2", "task t1", "service_instance i1");
            assertThat(named(new RunningFilter(ResourceKind.TASK, null, null, null)))
                    .containsExactly("task t1");
            assertThat(named(new RunningFilter(null, "o1", null, null)))
                    .containsExactly("process p1", "process p2", "service_instance i1");
            assertThat(named(new RunningFilter(null, null, "s1", null)))
                    .containsExactly("process p1", "service_instance i1");
            assertThat(named(new RunningFilter(null, null, null, "a1"))).containsExactly("process p1", "task t1");
            assertThat(named(new RunningFilter(ResourceKind.PROCESS, "o1", "s1", "a1")))
                    .containsExactly("process p1");
            assertThat(named(new RunningFilter(ResourceKind.TASK, "o1", "s1", "a1")))
                    .isEmpty();
        }

        @Test
        void the_summary_counts_resources_instances_and_the_memory_of_all_instances() {
            live(TestEvent.begins(ResourceKind.PROCESS, "p1").sized(3, 100).in("o1", "s1", "a1"));

            assertThat(summary(GroupBy.KIND).groups())
                    .containsExactly(
                            group("process", 2, 4, 556), group("task", 1, 1, 256), group("service_instance", 1, 0, 0));
            assertThat(summary(GroupBy.ORGANIZATION).groups())
                    .containsExactly(group("o1", 3, 4, 556), group("o2", 1, 1, 256));
            assertThat(summary(GroupBy.SPACE).groups())
                    .containsExactly(group("s1", 2, 3, 300), group("s2", 1, 1, 256), group("s3", 1, 1, 256));
            assertThat(summary(GroupBy.SPACE).asOf().cursor()).isEqualTo(new Cursor(1, 5, 0));
        }
    }

    private static Summary.Group group(String key, long resources, long instances, long memoryMb) {
        return new Summary.Group(key, resources, instances, BigInteger.valueOf(memoryMb));
    }

    @Test
    void the_summary_adds_up_whatever_events_may_say() {
        for (String process : List.of("p1", "p2", "p3")) {
            live(TestEvent.begins(ResourceKind.PROCESS, process).sized(Integer.MAX_VALUE, Integer.MAX_VALUE));
        }

        BigInteger most = BigInteger.valueOf(Integer.MAX_VALUE);
        for (GroupBy by : GroupBy.values()) {
            assertThat(summary(by).groups())
                    .extracting(Summary.Group::memoryMb)
                    .containsExactly(most.multiply(most).multiply(BigInteger.valueOf(3)));
        }
    }

    @Nested
    class Pages {

        @Test
        void of_one_walk_carry_the_first_ones_as_of_and_meet_each_resource_that_stays_once() {
            live(new RandomHistory(Seed.forRun().generator(), 90).events(600));
            List<RunningResource> before = page(RunningFilter.ALL, null, 5_000).running();
            RunningPage page = page(RunningFilter.ALL, null, 7);
            AsOf first = page.asOf();
            List<RunningResource> walked = new ArrayList<>(page.running());
            while (page.next() != null) {
                live(TestEvent.begins(ResourceKind.PROCESS, "fresh-" + ledger.head()));
                PageToken token = PageToken.parse(page.next().toString()).orElseThrow();
                page = page(RunningFilter.ALL, token, 7);
                assertThat(page.asOf()).isEqualTo(first);
                walked.addAll(page.running());
            }
            assertThat(first.cursor().position()).isEqualTo(600);
            assertThat(walked.stream().filter(r -> r.firstPosition() <= 600)).containsExactlyElementsOf(before);
        }

        /** Mutant: no bound but the number of resources. */
        @Test
        void and_chunks_of_large_events_end_early_and_the_next_one_goes_on() {
            ledger.withBodiesOf(3 << 20);
            live(IntStream.rangeClosed(1, 7)
                    .mapToObj(i -> TestEvent.begins(ResourceKind.PROCESS, "p" + i))
                    .toList());
            RunningPage first = page(RunningFilter.ALL, null, 7);
            RunningPage second = page(RunningFilter.ALL, first.next(), 7);
            RunningPage third = page(RunningFilter.ALL, second.next(), 7);

            assertThat(names(first.running())).containsExactly("process p1", "process p2", "process p3");
            assertThat(names(second.running())).containsExactly("process p4", "process p5", "process p6");
            assertThat(names(third.running())).containsExactly("process p7");
            assertThat(third.next()).isNull();
            try (RunningSnapshot snapshot = open(query)) {
                assertThat(snapshot.nextChunk()).hasSize(3);
            }
        }

        @Test
        void hand_out_tokens_that_are_fit_for_a_url_and_nothing_else_is_a_token() {
            PageToken token = new PageToken(
                    new AsOf(new Cursor(3, 4711, 2), Instant.parse("2026-01-01T00:00:00.123456Z")),
                    ResourceKind.TASK,
                    "a b/ü?");

            assertThat(token.toString()).matches("[A-Za-z0-9_-]+");
            assertThat(PageToken.parse(token.toString())).contains(token);
            assertThat(PageToken.parse("")).isEmpty();
            assertThat(PageToken.parse("***")).isEmpty();
            assertThat(PageToken.parse("MS0w")).isEmpty();
            assertThat(PageToken.parse(token.toString().substring(3))).isEmpty();
        }
    }

    @Nested
    class A_snapshot {

        @Test
        void is_of_one_moment_however_long_it_is_read() {
            for (int i = 0; i < 3; i++) {
                List<TestEvent> many = new ArrayList<>();
                for (int k = 0; k < 900; k++) {
                    many.add(TestEvent.begins(ResourceKind.PROCESS, "p-" + i + "-" + k));
                }
                live(many);
            }
            List<RunningResource> read = new ArrayList<>();
            try (RunningSnapshot snapshot = open(query)) {
                assertThat(snapshot.asOf().cursor().position()).isEqualTo(2_700);
                read.addAll(snapshot.nextChunk());
                live(TestEvent.ends(ResourceKind.PROCESS, "p-2-899"), TestEvent.begins(ResourceKind.TASK, "t"));
                List<RunningResource> chunk = snapshot.nextChunk();
                while (!chunk.isEmpty()) {
                    assertThat(chunk.size()).isLessThanOrEqualTo(RunningSnapshot.CHUNK_ROWS);
                    read.addAll(chunk);
                    chunk = snapshot.nextChunk();
                }
            }
            assertThat(read).hasSize(2_700).allMatch(r -> r.latestPosition() <= 2_700);
        }

        @Test
        void has_a_place_among_few_and_gives_it_back_once() {
            RunningQuery narrow = limited(2, Duration.ofMinutes(1));
            RunningSnapshot first = open(narrow);
            try (RunningSnapshot second = open(narrow)) {
                assertThat(second.nextChunk()).isEmpty();
                assertThat(narrow.now(RunningQuery.Use.STREAM)).isEqualTo(new Reached.NoPlace());
                first.close();
                first.close();
                open(narrow).close();
                try (RunningSnapshot third = open(narrow)) {
                    assertThat(third.nextChunk()).isEmpty();
                    assertThat(narrow.now(RunningQuery.Use.STREAM)).isEqualTo(new Reached.NoPlace());
                }
            }
        }

        @Test
        void is_cut_off_when_its_time_is_over_though_its_reader_is_busy_elsewhere() {
            RunningQuery brief = limited(1, Duration.ofMillis(200));
            try (RunningSnapshot slow = open(brief)) {
                Await.untilTrue(PATIENCE, () -> "no place came free", () -> {
                    Reached next = brief.now(RunningQuery.Use.STREAM);
                    if (next instanceof Reached.At(var transaction)) {
                        transaction.close();
                    }
                    return next instanceof Reached.At;
                });
                assertThatThrownBy(slow::nextChunk).hasStackTraceContaining("cut off");
            }
        }

        private RunningQuery limited(int concurrent, Duration longest) {
            SnapshotLimits limits = new SnapshotLimits(concurrent, Duration.ofMillis(50), longest);
            return new RunningQuery(database.dataSource(), positions, limits);
        }
    }

    @Test
    void a_limit_beyond_a_page_is_a_mistake_of_the_caller() {
        Optional<Exception> thrown = Optional.empty();
        try {
            page(RunningFilter.ALL, null, RunningQuery.PAGE_LIMIT + 1);
        } catch (IllegalArgumentException e) {
            thrown = Optional.of(e);
        }
        assertThat(thrown.orElseThrow()).hasMessageContaining("5000");
    }
}
