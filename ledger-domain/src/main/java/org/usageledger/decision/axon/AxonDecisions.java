package org.usageledger.decision.axon;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.common.configuration.AxonConfiguration;
import org.axonframework.eventsourcing.configuration.EventSourcingConfigurer;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.commandhandling.CommandMessage;
import org.axonframework.messaging.commandhandling.CommandResultMessage;
import org.axonframework.messaging.commandhandling.GenericCommandMessage;
import org.axonframework.messaging.commandhandling.GenericCommandResultMessage;
import org.axonframework.messaging.commandhandling.configuration.CommandHandlingModule;
import org.axonframework.messaging.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.core.Message;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.jspecify.annotations.Nullable;
import org.usageledger.decision.Answer;
import org.usageledger.decision.BulkDecision;
import org.usageledger.decision.Decisions;
import org.usageledger.decision.Refusal;
import org.usageledger.decision.Retries;
import org.usageledger.decision.RunCommand;
import org.usageledger.event.UnreadableBody;
import org.usageledger.log.AppendResult;
import org.usageledger.log.Fence;
import org.usageledger.log.axon.AppendInDoubt;
import org.usageledger.log.axon.LedgerStorage;
import org.usageledger.log.axon.LedgerTags;
import org.usageledger.log.axon.NotAppended;
import org.usageledger.log.axon.UpdateChecks;

/** Commands about runs over Axon's command bus. */
public final class AxonDecisions implements Decisions, AutoCloseable {
    private static final QualifiedName BULK = new QualifiedName("org.usageledger.decision", "RunCommands");
    private static final MessageType BULK_RESULT = new MessageType("org.usageledger.decision", "Answers", "1");
    private static final String VERSION = "1";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final BulkDecision bulk;
    private final Retries retries;
    private final Duration deadline;
    private final AxonConfiguration configuration;
    private final CommandGateway gateway;
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * Begins to take commands.
     *
     * @param deadline how long one try may take; longer than the appender's own, so that its answer is the one given
     */
    public AxonDecisions(LedgerStorage storage, BulkDecision bulk, Retries retries, Duration deadline) {
        this((EventStorageEngine) storage, bulk, retries, deadline);
    }

    AxonDecisions(EventStorageEngine storage, BulkDecision bulk, Retries retries, Duration deadline) {
        UpdateChecks.off();
        this.bulk = bulk;
        this.retries = retries;
        this.deadline = deadline;
        // No transaction manager: the bus would start its transaction twice, and an append has none but the appender's.
        configuration = EventSourcingConfigurer.create()
                .registerEventStorageEngine(parts -> storage)
                .registerTagResolver(parts -> new LedgerTags())
                .registerEntity(RunEntity.module())
                .registerCommandHandlingModule(CommandHandlingModule.named("ledger-bulk")
                        .commandHandlers(handlers -> handlers.commandHandler(BULK, this::handleMany)))
                .start();
        gateway = configuration.getComponent(CommandGateway.class);
    }

    private MessageStream.Single<CommandResultMessage> handleMany(CommandMessage message, ProcessingContext context) {
        if (!(message.payload() instanceof Order.Many many)) {
            throw new IllegalArgumentException("not commands about runs: " + message.type());
        }
        List<Answer> answers = bulk.decideAll(many.commands(), many.fence());
        return MessageStream.just(new GenericCommandResultMessage(BULK_RESULT, new Order.Answers(answers)));
    }

    @Override
    public Answer decide(RunCommand command, Optional<Fence> fence) {
        Optional<Answer> groundless = bulk.groundless(command);
        if (groundless.isPresent()) {
            return groundless.get();
        }
        List<RunCommand> asked = List.of(command);
        return bulk.recordedBefore(asked, List.of(tried(command, fence))).getFirst();
    }

    private Answer tried(RunCommand command, Optional<Fence> fence) {
        long begun = System.nanoTime();
        for (int made = 1; ; made++) {
            Answer answer = once(new Order.One(command, fence));
            Duration passed = Duration.ofNanos(System.nanoTime() - begun);
            if (!(answer instanceof Answer.Overtaken) || !retries.goOn(made, passed) || !pause()) {
                return answer;
            }
        }
    }

    /** False if there is nothing to wait for any more. */
    private boolean pause() {
        Duration pause = retries.pause(ThreadLocalRandom.current());
        try {
            return !closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Answer once(Order.One order) {
        return switch (send(RunEntity.COMMAND, order)) {
            case Sent.Done done when done.result() instanceof Order.Pending pending -> pending.answer();
            case Sent.Done done -> throw unknown(done);
            case Sent.Not not -> not.answer();
        };
    }

    @Override
    public List<Answer> decideAll(List<RunCommand> commands, Optional<Fence> fence) {
        if (commands.isEmpty()) {
            return List.of();
        }
        return switch (send(BULK, new Order.Many(commands, fence))) {
            case Sent.Done done when done.result() instanceof Order.Answers answers -> answers.answers();
            case Sent.Done done -> throw unknown(done);
            case Sent.Not not -> commands.stream().map(command -> not.answer()).toList();
        };
    }

    private static IllegalStateException unknown(Sent.Done done) {
        return new IllegalStateException("a command was answered with " + done.result());
    }

    private sealed interface Sent {
        /** Its unit of work is committed. */
        record Done(@Nullable Object result) implements Sent {}

        record Not(Answer answer) implements Sent {}
    }

    private Sent send(QualifiedName name, Order order) {
        var answer = gateway.send(new GenericCommandMessage(new MessageType(name, VERSION), order))
                .getResultMessage();
        try {
            Message result = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return new Sent.Done(result.payload());
        } catch (TimeoutException e) {
            return inDoubt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return inDoubt();
        } catch (ExecutionException e) {
            return new Sent.Not(answer(e));
        }
    }

    private static Sent inDoubt() {
        return new Sent.Not(new Answer.InDoubt(RETRY_AFTER));
    }

    private static Answer answer(ExecutionException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case AppendEventsTransactionRejectedException rejected -> {
                    return new Answer.Overtaken(0);
                }
                case AppendInDoubt doubt -> {
                    return Answer.of(new AppendResult.Unknown(doubt.retryAfter()));
                }
                case UnreadableBody unreadable -> {
                    return new Answer.Refused(new Refusal.Unreadable(String.valueOf(unreadable.getMessage())));
                }
                case NotAppended not -> {
                    return Answer.of(not.result());
                }
                default -> {}
            }
        }
        throw new IllegalStateException("carrying out a command", failure.getCause());
    }

    /** What Axon was made of. */
    AxonConfiguration configuration() {
        return configuration;
    }

    /** Lets go whoever waits for another try. */
    @Override
    public void close() {
        closing.countDown();
        configuration.shutdown();
    }
}
