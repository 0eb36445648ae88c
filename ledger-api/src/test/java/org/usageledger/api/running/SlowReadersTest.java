package org.usageledger.api.running;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.postgres.testing.Await;
import org.usageledger.running.Reached;
import org.usageledger.running.ReadTransaction;
import org.usageledger.running.RunningFilter;
import org.usageledger.running.RunningQuery;
import org.usageledger.running.RunningSnapshot;

class SlowReadersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 10;

    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    /** Mutant: one pool for everything. */
    @Test
    void who_hold_every_connection_keep_neither_projecting_nor_health_nor_jobs_from_going_on() throws SQLException {
        List<Connection> held = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                held.add(ledger.readers().getConnection());
            }
            Answer appended = ledger.append(Events.started("e-slow", "p-slow"));
            long position = position(appended.json().path("head").asText());

            Await.untilTrue(PATIENCE, () -> ledger.get("/health").toString(), () -> {
                Answer health = ledger.get("/health");
                return health.status() == 200
                        && health.json()
                                        .path("projections")
                                        .get(0)
                                        .path("position")
                                        .asLong()
                                >= position;
            });
            assertThat(ledger.get("/v1/executions").status()).isEqualTo(200);
        } finally {
            for (Connection connection : held) {
                connection.close();
            }
        }
    }

    @Test
    void of_snapshots_leave_room_for_pages_and_one_more_is_told_to_come_back() {
        RunningQuery running = ledger.context().getBean(RunningQuery.class);
        List<RunningSnapshot> slow = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS / 2; i++) {
                slow.add(running.open(snapshot(running), RunningFilter.ALL));
            }
            Answer refused = ledger.get("/v1/running", "Accept", "application/x-ndjson");

            assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
            assertThat(refused.problem()).isEqualTo("streams-taken");
            assertThat(refused.json().path("detail").asText()).contains("Retry-After", "pages");
            assertThat(refused.header("Retry-After")).isNotEmpty();
            assertThat(ledger.get("/v1/running").status()).isEqualTo(200);
        } finally {
            slow.forEach(RunningSnapshot::close);
        }
        assertThat(ledger.get("/v1/running", "Accept", "application/x-ndjson").status())
                .isEqualTo(200);
    }

    private static long position(String cursor) {
        return Long.parseLong(cursor.split("-", -1)[1]);
    }

    private static ReadTransaction snapshot(RunningQuery running) {
        if (running.now(RunningQuery.Use.STREAM) instanceof Reached.At(var transaction)) {
            return transaction;
        }
        throw new AssertionError("no place");
    }
}
