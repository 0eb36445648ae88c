package org.usageledger.log.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageStream.Entry;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.TerminalEventMessage;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.ResourceReader;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class SourcingContractTest {
    private StorageSituation at;

    @BeforeEach
    void open(TestDatabase database) {
        at = new StorageSituation(database);
    }

    @AfterEach
    void close() {
        at.close();
    }

    private static void assertMarker(Entry<EventMessage> entry) {
        assertThat(entry.message()).isSameAs(TerminalEventMessage.INSTANCE);
        assertThat(entry.getResource(ConsistencyMarker.RESOURCE_KEY)).isNotNull();
    }

    @Nested
    class A_resource_with_events {
        private UsageEvent first;
        private UsageEvent second;
        private UsageEvent last;

        @BeforeEach
        void append() {
            first = at.event(at.one);
            second = at.event(at.one);
            last = Events.process(at.one, "STOPPED");
            at.append(first, second, at.event(at.other), at.event(at.other), at.event(at.other), last);
        }

        @Test
        void gives_its_own_in_order_and_then_the_marker() {
            List<Entry<EventMessage>> entries = StorageSituation.all(at.source(at.ofOne()));

            assertThat(StorageSituation.guids(entries.subList(0, 3)))
                    .containsExactly(first.guid(), second.guid(), last.guid());
            assertThat(entries).hasSize(4);
            entries.subList(0, 3)
                    .forEach(entry -> assertThat(entry.getResource(ConsistencyMarker.RESOURCE_KEY))
                            .isNull());
            assertMarker(entries.getLast());
        }

        @Test
        void gives_the_events_as_they_were_recorded() {
            EventMessage message =
                    StorageSituation.all(at.source(at.ofOne())).getFirst().message();

            assertThat(message.payload()).isEqualTo(first);
            assertThat(message.type().qualifiedName()).isEqualTo(EventMessages.name(EventKind.APP, "STARTED"));
            assertThat(EventMessages.position(message)).hasValue(1);
        }

        @Test
        void gives_the_states_asked_for() {
            EventCriteria stopped = EventCriteria.havingTags(LedgerTags.of(new Resource(ResourceKind.PROCESS, at.one)))
                    .andBeingOneOfTypes(EventMessages.name(EventKind.APP, "STOPPED"));

            assertThat(StorageSituation.guids(
                            StorageSituation.all(at.source(stopped)).subList(0, 1)))
                    .containsExactly(last.guid());
        }

        @Test
        void goes_on_after_a_position() {
            assertThat(StorageSituation.all(at.storage.source(
                            SourcingCondition.conditionFor(new GlobalIndexConsistencyMarker(1).position(), at.ofOne()),
                            null)))
                    .hasSize(3);
        }

        @Test
        void has_the_marker_of_every_other_resource_of_that_moment() {
            assertThat(at.marker(at.ofOne()))
                    .isEqualTo(at.marker(at.ofOther()))
                    .isEqualTo(new GlobalIndexConsistencyMarker(6));
        }

        @Test
        void lets_nobody_append_on_a_marker_that_something_newer_has_passed() {
            ConsistencyMarker marker = at.marker(at.ofOther());
            at.append(at.event(at.other));

            var late = at.begin(AppendCondition.withCriteria(at.ofOther()).withMarker(marker), at.event(at.other));

            assertThat(late)
                    .failsWithin(java.time.Duration.ofSeconds(StorageSituation.PATIENCE_SECONDS))
                    .withThrowableThat()
                    .withCauseInstanceOf(AppendEventsTransactionRejectedException.class);
            assertThat(at.log.everything()).hasSize(7);
        }
    }

    @Nested
    class A_resource_without_events {

        @Test
        void gives_the_marker_alone_and_is_complete() {
            AtomicBoolean completed = new AtomicBoolean();
            MessageStream<EventMessage> stream = at.source(at.ofOne()).onComplete(() -> completed.set(true));

            assertThat(stream.hasNextAvailable()).isTrue();
            assertMarker(stream.next().orElseThrow());
            assertThat(stream.hasNextAvailable()).isFalse();
            assertThat(stream.isCompleted()).isTrue();
            assertThat(completed).isTrue();
        }

        @Test
        void has_the_same_marker_as_another_one() {
            assertThat(at.marker(at.ofOne())).isEqualTo(at.marker(at.ofOther()));
        }
    }

    @Nested
    class A_history_of_many_pages {

        @Test
        void comes_whole() {
            int events = 2 * ResourceReader.PAGE_EVENTS + 1;
            UsageEvent[] all = new UsageEvent[events];
            for (int i = 0; i < events; i++) {
                all[i] = at.event(at.one);
            }
            at.append(all);

            assertThat(StorageSituation.all(at.source(at.ofOne()))).hasSize(events + 1);
        }
    }

    @Nested
    class A_look_ahead {

        @Test
        void shows_the_first_event_as_often_as_asked() {
            UsageEvent first = at.event(at.one);
            at.append(first, at.event(at.one));
            MessageStream<EventMessage> stream = at.source(at.ofOne());

            assertThat(stream.peek().orElseThrow().message().identifier()).isEqualTo(first.guid());
            assertThat(stream.peek().orElseThrow().message().identifier()).isEqualTo(first.guid());
            assertThat(stream.next().orElseThrow().message().identifier()).isEqualTo(first.guid());
        }

        @Test
        void shows_the_marker_where_no_event_is() {
            Optional<Entry<EventMessage>> peeked = at.source(at.ofOne()).peek();

            assertMarker(peeked.orElseThrow());
        }

        @Test
        void shows_nothing_at_the_end() {
            at.append(at.event(at.one));
            MessageStream<EventMessage> stream = at.source(at.ofOne());
            stream.next();
            stream.next();

            assertThat(stream.peek()).isEmpty();
        }
    }
}
