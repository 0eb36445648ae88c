package org.usageledger.log.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageStream.Entry;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.axonframework.messaging.eventstreaming.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.event.UsageEvent;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class StreamingContractTest {
    private static final Duration PATIENCE = Duration.ofSeconds(StorageSituation.PATIENCE_SECONDS);

    private final List<MessageStream<EventMessage>> opened = new ArrayList<>();
    private StorageSituation at;

    @BeforeEach
    void open(TestDatabase database) {
        at = new StorageSituation(database);
    }

    @AfterEach
    void close() {
        opened.forEach(MessageStream::close);
        at.close();
    }

    private MessageStream<EventMessage> stream(StreamingCondition condition) {
        MessageStream<EventMessage> stream = at.storage.stream(condition, null);
        opened.add(stream);
        return stream;
    }

    private static Entry<EventMessage> next(MessageStream<EventMessage> stream) {
        Await.untilTrue(PATIENCE, () -> "nothing more in the stream", stream::hasNextAvailable);
        return stream.next().orElseThrow();
    }

    private static String nextGuid(MessageStream<EventMessage> stream) {
        return next(stream).message().identifier();
    }

    private TrackingToken latest() {
        return StorageSituation.done(at.storage.latestToken(null));
    }

    @Nested
    class A_stream {

        @Test
        void gives_what_matches_from_the_start_on() {
            UsageEvent first = at.event(at.one);
            UsageEvent second = at.event(at.one);
            UsageEvent last = at.event(at.one);
            at.append(first, second, at.event(at.other), at.event(at.other), last, at.event(at.other));

            MessageStream<EventMessage> stream = stream(
                    StreamingCondition.conditionFor(StorageSituation.done(at.storage.firstToken(null)), at.ofOne()));

            assertThat(List.of(nextGuid(stream), nextGuid(stream), nextGuid(stream)))
                    .containsExactly(first.guid(), second.guid(), last.guid());
        }

        @Test
        void gives_what_matches_after_a_token() {
            UsageEvent second = at.event(at.one);
            UsageEvent last = at.event(at.one);
            at.append(at.event(at.one), second, at.event(at.other), last);
            TrackingToken first = TrackingToken.fromContext(
                            next(stream(StreamingCondition.startingFrom(new GlobalSequenceTrackingToken(0)))))
                    .orElseThrow();

            MessageStream<EventMessage> stream = stream(StreamingCondition.conditionFor(first, at.ofOne()));

            assertThat(List.of(nextGuid(stream), nextGuid(stream))).containsExactly(second.guid(), last.guid());
        }

        @Test
        void may_go_by_organization_and_space() {
            UsageEvent event = at.event(at.one);
            at.append(event);
            EventCriteria dev = EventCriteria.havingTags(
                    Set.of(new Tag(LedgerTags.ORGANIZATION, "org-1"), new Tag(LedgerTags.SPACE, "space-1")));
            EventCriteria elsewhere = EventCriteria.havingTags(new Tag(LedgerTags.SPACE, "space-2"));

            GlobalSequenceTrackingToken start = new GlobalSequenceTrackingToken(0);
            assertThat(nextGuid(stream(StreamingCondition.conditionFor(start, dev))))
                    .isEqualTo(event.guid());
            Await.untilTrue(PATIENCE, () -> "head " + at.log.watch.head(), () -> at.log.watch.head() == 1);
            assertThat(stream(StreamingCondition.conditionFor(start, elsewhere)).hasNextAvailable())
                    .isFalse();
        }

        @Test
        void that_begins_behind_the_end_gives_nothing() {
            TrackingToken beyond = new GlobalSequenceTrackingToken(10);
            at.append(at.event(at.one));

            assertThat(stream(StreamingCondition.conditionFor(beyond, at.ofOne()))
                            .next())
                    .isEmpty();
        }

        @Test
        void at_the_end_gives_nothing_until_more_is_recorded() {
            at.append(at.event(at.one));
            MessageStream<EventMessage> stream = stream(StreamingCondition.startingFrom(latest()));
            assertThat(stream.hasNextAvailable()).isFalse();

            UsageEvent more = at.event(at.one);
            at.append(more);

            assertThat(nextGuid(stream)).isEqualTo(more.guid());
        }

        @Test
        void opened_before_anything_was_recorded_gives_it_all() {
            MessageStream<EventMessage> stream = stream(StreamingCondition.startingFrom(latest()));
            UsageEvent first = at.event(at.one);
            UsageEvent second = at.event(at.other);
            at.append(first, second);

            assertThat(List.of(nextGuid(stream), nextGuid(stream))).containsExactly(first.guid(), second.guid());
        }

        @Test
        void shows_ahead_without_going_on() {
            UsageEvent first = at.event(at.one);
            at.append(first);
            MessageStream<EventMessage> stream =
                    stream(StreamingCondition.startingFrom(new GlobalSequenceTrackingToken(0)));
            Await.untilTrue(PATIENCE, () -> "nothing in the stream", stream::hasNextAvailable);

            assertThat(stream.peek().orElseThrow().message().identifier()).isEqualTo(first.guid());
            assertThat(nextGuid(stream)).isEqualTo(first.guid());
        }
    }

    @Nested
    class A_token {

        @Test
        void of_the_first_and_of_the_latest_are_one_while_nothing_is_recorded() {
            TrackingToken first = StorageSituation.done(at.storage.firstToken(null));

            assertThat(first.covers(latest())).isTrue();
            assertThat(latest().covers(first)).isTrue();
        }

        @Test
        void of_a_time_has_everything_since_then_before_it() {
            at.append(at.event(at.one));
            at.append(at.event(at.one));
            UsageEvent third = at.event(at.one);
            at.append(third);
            Instant recorded = at.log.everything().getLast().recordedAt();

            TrackingToken token = StorageSituation.done(at.storage.tokenAt(recorded, null));

            assertThat(token).isEqualTo(new GlobalSequenceTrackingToken(2));
            assertThat(nextGuid(stream(StreamingCondition.startingFrom(token)))).isEqualTo(third.guid());
        }

        @Test
        void of_a_time_to_come_is_the_latest() {
            at.append(at.event(at.one), at.event(at.one), at.event(at.one));

            assertThat(StorageSituation.done(at.storage.tokenAt(Instant.now().plus(Duration.ofDays(1)), null)))
                    .isEqualTo(latest());
        }
    }
}
