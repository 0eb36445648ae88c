package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogReader;
import org.usageledger.log.Page;
import org.usageledger.log.ReadFilter;
import org.usageledger.log.Start;
import org.usageledger.postgres.testing.Await;

class LongPollTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int READERS = 100;
    private static final int OTHERS = 10;
    private static final EventsQuery SERVICES = new EventsQuery(
            new Start.Newest(),
            new ReadFilter(EventKind.SERVICE, true),
            10,
            PATIENCE,
            Optional.empty(),
            Optional.empty());

    private final AtomicInteger pages = new AtomicInteger();
    private LiveService ledger;

    @BeforeEach
    void start() {
        ledger = LiveService.start();
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    /** Mutant: every commit wakes every reader. */
    @Test
    void of_a_kind_that_does_not_come_reads_no_page_while_its_own_service_records() throws Exception {
        assertThatNoneReads(ledger.context().getBean(HeadWatch.class));
    }

    /** Mutant: whatever another service records wakes every reader. */
    @Test
    void of_a_kind_that_does_not_come_reads_no_page_while_another_service_records() throws Exception {
        try (HeadWatch watch = new HeadWatch(ledger.readers(), Duration.ofMillis(20))) {
            assertThatNoneReads(watch);
        }
    }

    private void assertThatNoneReads(HeadWatch watch) throws Exception {
        List<Waiting> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(Waiting.on(poll(watch)));
        }
        awaitWaiting(readers);
        for (int i = 0; i < OTHERS; i++) {
            recordAndHear(watch, Events.started("e-" + i, "p-" + i));
        }
        recordAndHear(watch, Events.service("e-service", "i-1", "CREATED"));
        for (Waiting reader : readers) {
            assertThat(reader.answer().events())
                    .singleElement()
                    .satisfies(event -> assertThat(event.position()).isEqualTo(OTHERS + 1));
        }
        // Each the page that found nothing, and the one that found what came.
        assertThat(pages).hasValue(2 * READERS);
    }

    /** Mutant: the page from before the wait is the answer. */
    @Test
    void moves_its_cursor_on_past_what_was_filtered_when_the_wait_is_over() throws Exception {
        HeadWatch watch = new HeadWatch(ledger.readers(), Duration.ofMillis(20));
        Waiting reader = Waiting.on(poll(watch));
        awaitWaiting(List.of(reader));
        recordAndHear(watch, Events.started("e-1", "p-1"));
        watch.close();

        Page.Events answer = reader.answer();
        assertThat(answer.events()).isEmpty();
        assertThat(answer.next().position()).isEqualTo(1);
    }

    private LongPoll poll(HeadWatch watch) {
        return new LongPoll(new LogReader(counting(ledger.readers()), watch), watch);
    }

    private void recordAndHear(HeadWatch watch, String event) {
        long position = ledger.append(event)
                .json()
                .path("results")
                .get(0)
                .path("position")
                .asLong();
        Await.untilTrue(PATIENCE, () -> "head " + watch.head(), () -> watch.head() >= position);
    }

    private void awaitWaiting(List<Waiting> readers) {
        Await.untilTrue(
                PATIENCE,
                () -> pages + " pages read",
                () -> pages.get() == readers.size()
                        && readers.stream()
                                .allMatch(reader -> reader.thread().getState() == Thread.State.TIMED_WAITING));
    }

    /** A reader who waits for its page. */
    private record Waiting(Thread thread, FutureTask<Page> page) {
        static Waiting on(LongPoll poll) {
            FutureTask<Page> page = new FutureTask<>(() -> poll.page(SERVICES));
            return new Waiting(Thread.ofVirtual().start(page), page);
        }

        Page.Events answer() throws Exception {
            if (page.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) instanceof Page.Events events) {
                return events;
            }
            throw new AssertionError("refused");
        }
    }

    /** The same database; each page takes one connection and is counted when it gives it back. */
    private DataSource counting(DataSource database) {
        return watched(DataSource.class, database, "getConnection", this::countingClose);
    }

    private @Nullable Object countingClose(@Nullable Object connection) {
        return watched(Connection.class, Objects.requireNonNull(connection), "close", result -> {
            pages.incrementAndGet();
            return result;
        });
    }

    /** Changes what a call of this name gives back. */
    @FunctionalInterface
    private interface After {
        @Nullable
        Object change(@Nullable Object result);
    }

    private static <T> T watched(Class<T> type, Object behind, String name, After after) {
        Object proxy = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
            try {
                Object result = method.invoke(behind, arguments);
                return method.getName().equals(name) ? after.change(result) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
        return type.cast(proxy);
    }
}
