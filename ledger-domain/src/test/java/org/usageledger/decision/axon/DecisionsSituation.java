package org.usageledger.decision.axon;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.usageledger.decision.Answer;
import org.usageledger.decision.BulkDecision;
import org.usageledger.decision.Listing;
import org.usageledger.decision.Retries;
import org.usageledger.decision.RunCommand;
import org.usageledger.decision.RunCommand.EndRun;
import org.usageledger.decision.RunCommand.RecordTaskStop;
import org.usageledger.decision.RunCommand.StartBaseline;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.Cursor;
import org.usageledger.log.Fence;
import org.usageledger.log.ResourceReader;
import org.usageledger.log.TestLog;
import org.usageledger.log.axon.LedgerStorage;
import org.usageledger.postgres.testing.TestDatabase;

/** Decisions on a test's log, by lists that know everything so far, in the name of one execution. */
final class DecisionsSituation implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(20);
    static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
    static final Retries QUICK = new Retries(5, Duration.ofMillis(5), DEADLINE);

    private final UUID execution = UUID.randomUUID();
    final TestLog log;
    final AxonDecisions decisions;

    DecisionsSituation(TestLog log, EventStorageEngine storage, ResourceReader resources) {
        this.log = log;
        BulkDecision bulk = new BulkDecision(resources, log.appender, DEADLINE);
        decisions = new AxonDecisions(storage, bulk, QUICK, DEADLINE);
    }

    DecisionsSituation(TestLog log) {
        this(log, storage(log), log.resources);
    }

    static LedgerStorage storage(TestLog log) {
        return new LedgerStorage(log.appender, log.reader, log.resources, log.watch);
    }

    static Resource process(String key) {
        return new Resource(ResourceKind.PROCESS, key);
    }

    Listing list() {
        return list(log.reader.horizon().cursor());
    }

    Listing list(Cursor upTo) {
        return new Listing(execution, NOW, upTo);
    }

    StartBaseline start(String process) {
        return new StartBaseline(
                process(process), Events.process(process, "STARTED").body(), list());
    }

    EndRun end(String process) {
        return new EndRun(process(process), list());
    }

    RecordTaskStop stop(String task) {
        return new RecordTaskStop(Events.task(task, "TASK_STOPPED"));
    }

    Answer decide(RunCommand command) {
        return decisions.decide(command, Optional.empty());
    }

    List<Answer> decideAll(List<RunCommand> commands) {
        return decisions.decideAll(commands, Optional.empty());
    }

    void record(UsageEvent... events) {
        log.outcomes(events);
    }

    /** The event at this position cannot be read any more. */
    static void damage(TestDatabase database, long position) throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement statement =
                        connection.prepareStatement("update usage_event set body = 'x' where position = ?")) {
            statement.setLong(1, position);
            statement.executeUpdate();
        }
    }

    /** As a restore leaves it that lost what was recorded after this position. */
    static void loseAfter(TestDatabase database, long position) throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement("""
                        with events as (
                          delete from usage_event
                          where position > ?
                        ), identities as (
                          delete from event_identity
                          where position > ?
                        )
                        update ledger_head
                        set head = ?,
                          system_identifier = system_identifier - 1
                        """)) {
            for (int i = 1; i <= 3; i++) {
                statement.setLong(i, position);
            }
            statement.executeUpdate();
        }
    }

    /** A claim that stands as the test says. */
    static final class Claim implements Fence {
        final AtomicInteger steps = new AtomicInteger();
        private final Standing standing;

        Claim(Standing standing) {
            this.standing = standing;
        }

        @Override
        public Standing enter(Connection transaction) {
            return standing;
        }

        @Override
        public void recordStep(Connection transaction) {
            steps.incrementAndGet();
        }
    }

    @Override
    public void close() {
        decisions.close();
        log.close();
    }
}
