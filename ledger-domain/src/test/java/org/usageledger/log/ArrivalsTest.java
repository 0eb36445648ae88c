package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.lifecycle.EventKind;

class ArrivalsTest {
    private static final ReadFilter APPS = new ReadFilter(EventKind.APP, true);
    private static final ReadFilter SERVICES = new ReadFilter(EventKind.SERVICE, true);
    private static final ReadFilter NO_BASELINES = new ReadFilter(null, false);

    private final ReentrantLock lock = new ReentrantLock();
    private final Arrivals arrivals = new Arrivals(lock);

    @BeforeEach
    void hold() {
        lock.lock();
    }

    @AfterEach
    void letGo() {
        lock.unlock();
    }

    @Test
    void pass_the_filters_of_their_kind_up_to_the_newest_of_it() {
        arrivals.confirmed(9);
        arrivals.sort(
                9,
                List.of(
                        new EventPages.Newest(EventKind.APP, true, 7),
                        new EventPages.Newest(EventKind.SERVICE, false, 5)));

        assertThat(arrivals.mayHave(ReadFilter.ALL, 8)).isTrue();
        assertThat(arrivals.mayHave(APPS, 6)).isTrue();
        assertThat(arrivals.mayHave(APPS, 7)).isFalse();
        assertThat(arrivals.mayHave(SERVICES, 4)).isTrue();
        assertThat(arrivals.mayHave(SERVICES, 5)).isFalse();
        assertThat(arrivals.mayHave(NO_BASELINES, 4)).isTrue();
        assertThat(arrivals.mayHave(NO_BASELINES, 5)).isFalse();
        assertThat(arrivals.sorted()).isEqualTo(9);
    }

    @Test
    void that_nobody_looked_at_may_have_passed_every_filter() {
        arrivals.assume(9);

        assertThat(List.of(ReadFilter.ALL, APPS, SERVICES, NO_BASELINES))
                .allMatch(filter -> arrivals.mayHave(filter, 8) && !arrivals.mayHave(filter, 9));
    }

    @Test
    void that_were_sorted_are_not_in_doubt_again() {
        arrivals.sort(9, List.of(new EventPages.Newest(EventKind.APP, false, 9)));
        arrivals.assume(9);

        assertThat(arrivals.mayHave(SERVICES, 0)).isFalse();
        assertThat(arrivals.mayHave(APPS, 8)).isTrue();
    }

    @Test
    void of_a_lost_history_are_forgotten() {
        arrivals.assume(9);
        arrivals.forget();
        arrivals.confirmed(3);

        assertThat(arrivals.mayHave(ReadFilter.ALL, 3)).isFalse();
        assertThat(arrivals.mayHave(APPS, 0)).isFalse();
        assertThat(arrivals.sorted()).isZero();
    }
}
