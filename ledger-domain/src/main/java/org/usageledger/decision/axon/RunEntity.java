package org.usageledger.decision.axon;

import java.util.List;
import java.util.OptionalLong;
import org.axonframework.eventsourcing.EventSourcedEntityFactory;
import org.axonframework.eventsourcing.configuration.EventSourcedEntityModule;
import org.axonframework.messaging.commandhandling.CommandMessage;
import org.axonframework.messaging.commandhandling.CommandResultMessage;
import org.axonframework.messaging.commandhandling.GenericCommandResultMessage;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.EventSink;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.jspecify.annotations.Nullable;
import org.usageledger.decision.Answer;
import org.usageledger.decision.Decision;
import org.usageledger.decision.Rules;
import org.usageledger.decision.Standing;
import org.usageledger.event.Exactness;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.Run;
import org.usageledger.log.NewEvent;
import org.usageledger.log.Outcome;
import org.usageledger.log.Trace;
import org.usageledger.log.axon.EventMessages;
import org.usageledger.log.axon.LedgerStorage;
import org.usageledger.log.axon.LedgerTags;

/** The run of a resource as Axon's event-sourced entity: its state is a {@link Standing}, its rules are {@link Rules}. */
final class RunEntity {
    static final QualifiedName COMMAND = new QualifiedName("org.usageledger.decision", "RunCommand");

    private static final MessageType RESULT = new MessageType("org.usageledger.decision", "Answer", "1");

    private RunEntity() {}

    static EventSourcedEntityModule<Resource, Standing> module() {
        return EventSourcedEntityModule.declarative(Resource.class, Standing.class)
                .messagingModel((configuration, model) -> model.entityEvolver(RunEntity::evolve)
                        .instanceCommandHandler(COMMAND, RunEntity::handle)
                        .build())
                .entityFactory(configuration -> EventSourcedEntityFactory.fromIdentifier(Standing::unknown))
                .criteriaResolver(
                        configuration -> (resource, context) -> EventCriteria.havingTags(LedgerTags.of(resource)))
                .entityIdResolver(configuration ->
                        (message, context) -> order(message.payload()).command().resource());
    }

    private static Order.One order(@Nullable Object payload) {
        if (payload instanceof Order.One one) {
            return one;
        }
        throw new IllegalArgumentException("not a command about a run: " + payload);
    }

    /**
     * After an event of the log. Axon also shows the entity whatever is appended in its unit of work, of any resource: that has no place in the log yet, so nothing is
     * known by it.
     */
    static Standing evolve(Standing standing, EventMessage message, ProcessingContext context) {
        OptionalLong position = EventMessages.position(message);
        if (position.isEmpty() || !(message.payload() instanceof UsageEvent event)) {
            return standing;
        }
        boolean itsOwn = event.resource().filter(standing.resource()::equals).isPresent();
        if (!itsOwn) {
            return standing;
        }
        boolean exact = Exactness.of(event, EventMessages.origin(message));
        Run.Step step = new Run.Step(position.getAsLong(), event.occurredAt(), event.effect(), exact);
        return standing.after(new Trace.Step(step, event.state()), event);
    }

    private static MessageStream.Single<CommandResultMessage> handle(
            CommandMessage message, Standing standing, ProcessingContext context) {
        Order.One order = order(message.payload());
        order.fence().ifPresent(fence -> context.putResource(LedgerStorage.FENCE, fence));
        Order.Pending answer = switch (Rules.decide(standing, order.command())) {
            case Decision.Refuse refuse -> () -> new Answer.Refused(refuse.why());
            case Decision.Append append -> append(append.event(), context);
            case Decision.KeepAside aside -> append(aside.stop(), context);
        };
        return MessageStream.just(new GenericCommandResultMessage(RESULT, answer));
    }

    /** Always with the context: without it, success is told before it is known. */
    private static Order.Pending append(NewEvent event, ProcessingContext context) {
        context.component(EventSink.class)
                .publish(context, List.of(EventMessages.of(event)))
                .join();
        return () -> outcome(context);
    }

    private static Answer outcome(ProcessingContext context) {
        List<Outcome> outcomes = context.getResource(LedgerStorage.OUTCOMES);
        if (outcomes == null) {
            throw new IllegalStateException("the unit of work ended without an answer from the appender");
        }
        return Answer.of(outcomes.getFirst());
    }
}
