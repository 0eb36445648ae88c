package org.usageledger.api.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SqlTest {

    private static final Checkout CHECKOUT = Checkout.here();
    private static final List<Source> SOURCES = CHECKOUT.sources();

    private static final String SAMPLES = "ledger-api/src/test/java/org/usageledger/api/house/RulesCatchTest.java";

    /** The classes that name each table, and those that only ask the server about itself. */
    private static final Map<String, String> USERS = Map.ofEntries(
            Map.entry("audit_entry", "api.access.AuditLog"),
            Map.entry("audit_outcome", "api.access.AuditLog"),
            Map.entry("dead_letter", "reaction.DeadLetterTable"),
            Map.entry(
                    "event_identity",
                    "api.bench.Verification log.CheckedRows log.EventRows log.EventsByGuid log.LogCheck log.RecordCheck "
                            + "log.ResourceReader log.SnapshotQuery"),
            Map.entry("hold", "log.HoldRows log.LogCheck projection.ProjectionTable projection.RebuildTable"),
            Map.entry("job_claim", "jobs.ClaimTable jobs.ExecutionTable jobs.UnwellTable jobs.ViewTable"),
            Map.entry(
                    "job_execution",
                    "jobs.ActiveTable jobs.ClaimFence jobs.ClaimTable jobs.ControlTable jobs.ExecutionTable jobs.LeaseTable"
                            + " jobs.NodeControlTable jobs.NodeTable jobs.OutcomeTable jobs.StepTable"
                            + " jobs.UnwellTable jobs.ViewTable"),
            Map.entry("job_finding", "jobs.FindingTable"),
            Map.entry(
                    "job_step_event",
                    "jobs.ClaimFence jobs.ClaimTable jobs.ExecutionTable jobs.StepTable jobs.ViewTable"),
            Map.entry("job_schedule", "jobs.schedule.ScheduleTable"),
            Map.entry("job_status", "jobs.NodeTable tasks.StatusTable"),
            Map.entry("ledger_epoch", "log.EventDetails log.HeadRow log.Horizons"),
            Map.entry("ledger_identity", "log.EventDetails"),
            Map.entry(
                    "ledger_head",
                    "api.bench.Following api.bench.Verification log.HeadRow log.HeadWatch log.HeldHeadGuard log.Horizons log.LogCheck log.Standpoint "
                            + "projection.ProjectionTable"),
            Map.entry(
                    "ledger_node",
                    "jobs.ActiveTable jobs.ClaimFence jobs.ClaimTable jobs.ControlTable jobs.NodeControlTable jobs.NodeTable log.SnapshotQuery "
                            + "projection.ProjectionTable tasks.StatusTable"),
            Map.entry("log_window", "log.EventRows log.LogCheck"),
            Map.entry(
                    "no table",
                    "api.access.AuditLog api.bench.BareCopy api.bench.BenchServer api.bench.CopyLimit api.bench.CopyStream api.bench.LoneCallers "
                            + "api.bench.SequenceCallers api.bench.Verification jobs.ClaimTable jobs.ControlTable jobs.Execution "
                            + "jobs.ForgettingTask jobs.NodeControlTable jobs.NodeTable log.AppendSession log.HeadRow log.HeadWatch "
                            + "postgres.DatabaseAddress postgres.DurabilityCheck postgres.ServerIdentity postgres.ServerSettings "
                            + "postgres.ServiceRole projection.TransactionLimits running.RunningFold "
                            + "tasks.TaskChannel"),
            Map.entry(
                    "projection",
                    "api.bench.Following projection.ProjectionTable projection.RebuildTable running.ReadTransaction"),
            Map.entry("projection_rebuild", "projection.RebuildTable"),
            Map.entry("retention_step", "log.HeadRow log.Horizons log.Standpoint"),
            Map.entry(
                    "running_resource",
                    "running.RunningDifferences running.RunningFold running.RunningQuery running.RunningRows"),
            Map.entry("suppressed_stop", "log.AsideRows log.RecordCheck log.SnapshotQuery log.SuppressedStops"),
            Map.entry("undeclared_state", "reaction.UndeclaredStates"),
            Map.entry(
                    "usage_event",
                    "api.bench.CopyLimit api.bench.CopyStream api.bench.LoneCallers api.bench.SqlPages api.bench.Verification "
                            + "log.CheckedRows log.EventDetails log.EventPages log.EventRows log.EventsByGuid log.LogCheck "
                            + "log.ResourceReader log.SnapshotQuery log.TimeSearch log.TraceQuery "
                            + "reaction.SelectedEvents running.RunningFold running.RunningRows"));

    @Test
    void stands_only_in_the_classes_that_own_the_table() {
        Set<String> tables = CHECKOUT.files().stream()
                .filter(file -> file.contains("/db/migration/"))
                .flatMap(file -> SqlRules.tablesIn(CHECKOUT.read(file)).stream())
                .collect(Collectors.toSet());

        assertThat(Table.written(SqlRules.users(SOURCES, tables)))
                .as(
                        "SQL on a table stands with its owner. A new user of a table is a decision; one that is gone leaves the list.")
                .isEqualTo(Table.written(Table.of(USERS)));
    }

    @Test
    void is_never_glued_together() {
        Gate.because("A statement is one text: glued ones cannot be read, searched for or trusted.")
                .except(Map.of(SAMPLES, "shows the rule what it must catch"))
                .check(SqlRules.concatenated(SOURCES));
    }

    @Test
    void is_written_in_lower_case() {
        Gate.because("SQL is written in lower case, everywhere the same.").check(SqlRules.shouted(SOURCES));
    }

    @Test
    void is_a_text_block() {
        Gate.because("A statement of more than one clause is a text block.").check(SqlRules.outsideTextBlocks(SOURCES));
    }

    @Test
    void has_one_clause_a_line() {
        Gate.because("One clause a line: a difference then shows what changed.").check(SqlRules.crowdedLines(SOURCES));
    }

    @Test
    void names_every_column() {
        Gate.because("Every column is named: a new one must not change what an old statement returns.")
                .check(SqlRules.everyColumn(SOURCES));
    }

    @Test
    void pages_in_an_order() {
        Gate.because("What is limited is ordered: otherwise the next page may repeat or leave out rows.")
                .check(SqlRules.unordered(SOURCES));
    }

    @Test
    void defines_tables_in_migrations_only() {
        Gate.because(
                        "Tables are defined by migrations: a shipped one is never edited, and one place says what there is.")
                .check(SqlRules.definitions(SOURCES));
    }
}
