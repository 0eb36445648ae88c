package org.usageledger.log.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.GenericTaggedEventMessage;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.axonframework.messaging.eventstreaming.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** What the ledger cannot serve soundly it refuses, instead of walking through the log or judging something else. */
@OnFreshDatabase
@SuppressWarnings("NullAway.Init")
class RefusedCriteriaTest {
    private static final Duration PATIENCE = Duration.ofSeconds(StorageSituation.PATIENCE_SECONDS);
    private static final Tag PROCESS = LedgerTags.of(new Resource(ResourceKind.PROCESS, "p1"));
    private static final Tag TASK = LedgerTags.of(new Resource(ResourceKind.TASK, "t1"));
    private static final String ALLOWED = "one resource";

    private StorageSituation at;

    @BeforeEach
    void open(TestDatabase database) {
        at = new StorageSituation(database);
    }

    @AfterEach
    void close() {
        at.close();
    }

    static Stream<EventCriteria> unservable() {
        return Stream.of(
                EventCriteria.havingAnyTag(),
                EventCriteria.havingTags(new Tag(LedgerTags.ORGANIZATION, "org-1")),
                EventCriteria.havingTags(new Tag(LedgerTags.SPACE, "space-1")),
                EventCriteria.havingTags(PROCESS, new Tag(LedgerTags.SPACE, "space-1")),
                EventCriteria.havingTags(PROCESS).or(EventCriteria.havingTags(TASK)),
                EventCriteria.either(EventCriteria.havingTags(PROCESS), EventCriteria.havingAnyTag()),
                EventCriteria.havingTags(new Tag(LedgerTags.RESOURCE, "p1")),
                EventCriteria.havingTags(new Tag(LedgerTags.RESOURCE, "pod:p1")),
                EventCriteria.havingTags(new Tag("course", "c1")),
                EventCriteria.havingAnyTag().andBeingOneOfTypes(EventMessages.name(EventKind.APP, "STARTED")),
                EventCriteria.havingTags(PROCESS).andBeingOneOfTypes(EventMessages.name(EventKind.SERVICE, "CREATED")),
                EventCriteria.havingTags(PROCESS).andBeingOneOfTypes(new QualifiedName("other.STARTED")));
    }

    @ParameterizedTest
    @MethodSource("unservable")
    void nobody_is_sourced_by_anything_but_one_resource(EventCriteria criteria) {
        assertThat(at.source(criteria).error().orElseThrow())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(ALLOWED);
    }

    @ParameterizedTest
    @MethodSource("unservable")
    void nothing_is_appended_under_a_condition_on_anything_else(EventCriteria criteria) {
        assertThat(at.begin(AppendCondition.withCriteria(criteria), at.event("p1")))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IllegalArgumentException.class)
                .withMessageContaining(ALLOWED);
        assertThat(at.log.everything()).isEmpty();
    }

    @Test
    void an_append_under_a_condition_holds_nothing_of_another_resource() {
        assertThat(at.begin(AppendCondition.withCriteria(at.ofOne()), at.event(at.one), at.event(at.other)))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .withMessageContaining("holds events of it only");
        assertThat(at.log.everything()).isEmpty();
    }

    @Test
    void what_is_no_usage_event_is_not_recorded() {
        var stranger = new GenericTaggedEventMessage<>(
                new GenericEventMessage(new MessageType("course.renamed"), "a name"), Set.of());

        assertThat(at.storage.appendEvents(AppendCondition.none(), null, List.of(stranger)))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .withMessageContaining("usage events only");
    }

    @Test
    void a_stream_does_not_wait_for_what_cannot_come() {
        GlobalSequenceTrackingToken start = new GlobalSequenceTrackingToken(0);
        EventCriteria tag = EventCriteria.havingTags(new Tag("course", "c1"));
        EventCriteria type = EventCriteria.havingAnyTag().andBeingOneOfTypes(new QualifiedName("course.renamed"));

        assertThatThrownBy(() -> at.storage.stream(StreamingCondition.conditionFor(start, tag), null))
                .hasMessageContaining("no event of the ledger has a tag course");
        assertThatThrownBy(() -> at.storage.stream(StreamingCondition.conditionFor(start, type), null))
                .hasMessageContaining("no event of the ledger is called");
    }
}
