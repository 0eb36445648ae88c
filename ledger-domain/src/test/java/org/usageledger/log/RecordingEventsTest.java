package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class RecordingEventsTest {
    private TestLog log;

    @BeforeEach
    void open(TestDatabase database) {
        log = new TestLog(database);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void what_was_recorded_is_read_back_in_order_byte_for_byte() {
        var first = Events.process("p1", "STARTED");
        var second = Events.service("s1", "CREATED");
        assertThat(log.outcomes(first, second)).containsExactly(new Outcome.Recorded(1), new Outcome.Recorded(2));

        List<LoggedEvent> events = log.everything();
        assertThat(events).extracting(LoggedEvent::position).containsExactly(1L, 2L);
        assertThat(events).extracting(LoggedEvent::kind).containsExactly(EventKind.APP, EventKind.SERVICE);
        assertThat(events).extracting(LoggedEvent::body).containsExactly(first.body(), second.body());
    }

    @Test
    void the_same_event_again_is_a_duplicate_at_its_first_position() {
        var event = Events.process("p1", "STARTED");
        log.append(event);
        assertThat(log.outcomes(event, event)).containsExactly(new Outcome.Duplicate(1), new Outcome.Duplicate(1));
        assertThat(log.everything()).hasSize(1);
    }

    @Test
    void the_same_guid_with_other_content_is_a_conflict_and_nothing_of_its_request_is_stored() {
        log.append(Events.process("e1", "p1", "STARTED", 512));
        var fresh = Events.process("p2", "STARTED");
        assertThat(log.append(fresh, Events.process("e1", "p1", "STARTED", 1024)))
                .isEqualTo(new AppendResult.Refused(List.of(new Outcome.Recorded(2), new Outcome.Conflict(1))));
        assertThat(log.outcomes(fresh)).containsExactly(new Outcome.Recorded(2));
    }
}
