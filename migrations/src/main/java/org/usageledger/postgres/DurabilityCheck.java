package org.usageledger.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a server whether a commit it has answered can be lost. The answer holds for the role and database of the
 * connection: both can have settings of their own.
 */
public final class DurabilityCheck {

    private static final int OLDEST_VERSION = 150_000;
    private static final String CHECKSUMS = "data_checksums";

    private static final String ASK = """
            select
                current_setting('server_version_num')::integer as version_number,
                current_setting('server_version') as version,
                pg_is_in_recovery() as in_recovery,
                current_setting('fsync') as fsync,
                current_setting('full_page_writes') as full_page_writes,
                current_setting('synchronous_commit') as synchronous_commit,
                current_setting('synchronous_standby_names') as synchronous_standby_names,
                current_setting('data_checksums') as data_checksums,
                (select count(*) from pg_stat_replication) as receivers
            """;

    private DurabilityCheck() {}

    /** The same of a server that this service made itself, with checksums: without them it is not the server it made. */
    static Durability verifyOwn(Connection connection) throws SQLException {
        return ofOwn(verify(connection));
    }

    private static Durability ofOwn(Durability judged) {
        return switch (judged) {
            case Durability.Durable(var warnings)
            when warnings.stream().anyMatch(DurabilityCheck::missesChecksums) ->
                new Durability.NotDurable(
                        warnings.stream()
                                .filter(DurabilityCheck::missesChecksums)
                                .toList(),
                        warnings.stream()
                                .filter(warning -> !missesChecksums(warning))
                                .toList());
            case Durability.Durable durable -> durable;
            case Durability.NotDurable notDurable -> notDurable;
        };
    }

    private static boolean missesChecksums(Durability.Reason warning) {
        return warning.setting().equals(CHECKSUMS);
    }

    /** What the server says about itself. */
    record Facts(
            int versionNumber,
            String version,
            boolean inRecovery,
            String fsync,
            String fullPageWrites,
            String synchronousCommit,
            String standbyNames,
            String dataChecksums,
            long receivers) {}

    public static Durability verify(Connection connection) throws SQLException {
        return judge(ask(connection));
    }

    private static Facts ask(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ASK);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Facts(
                    row.getInt("version_number"),
                    row.getString("version"),
                    row.getBoolean("in_recovery"),
                    row.getString("fsync"),
                    row.getString("full_page_writes"),
                    row.getString("synchronous_commit"),
                    row.getString("synchronous_standby_names").strip(),
                    row.getString("data_checksums"),
                    row.getLong("receivers"));
        }
    }

    static Durability judge(Facts facts) {
        List<Durability.Reason> reasons = new ArrayList<>(ofTheServer(facts));
        reasons.addAll(ofTheCommit(facts));
        List<Durability.Reason> warnings = warnings(facts);
        return reasons.isEmpty()
                ? new Durability.Durable(warnings)
                : new Durability.NotDurable(List.copyOf(reasons), warnings);
    }

    private static List<Durability.Reason> ofTheServer(Facts facts) {
        List<Durability.Reason> reasons = new ArrayList<>();
        if (facts.versionNumber() < OLDEST_VERSION) {
            reasons.add(new Durability.Reason(
                    "server_version", facts.version(), "too old to be supported", "use PostgreSQL 15 or newer"));
        }
        if (facts.inRecovery()) {
            reasons.add(new Durability.Reason(
                    "pg_is_in_recovery",
                    "true",
                    "a standby takes no writes",
                    "name the primary in LEDGER_DATABASE_URL"));
        }
        if (!facts.fsync().equals("on")) {
            reasons.add(new Durability.Reason(
                    "fsync", facts.fsync(), "a power cut can lose or damage everything", "set it to on and reload"));
        }
        if (!facts.fullPageWrites().equals("on")) {
            reasons.add(new Durability.Reason(
                    "full_page_writes",
                    facts.fullPageWrites(),
                    "a power cut can leave half-written pages",
                    "set it to on and reload"));
        }
        return reasons;
    }

    private static List<Durability.Reason> ofTheCommit(Facts facts) {
        String remedy = "set it to on for the server, and remove it from the role and the database";
        return switch (facts.synchronousCommit()) {
            case "on", "remote_apply" -> List.of();
            case "off" -> commit(facts, "a commit is answered before it is on disk", remedy);
            case "local" -> commit(facts, "a commit is answered before any standby has it", remedy);
            case "remote_write" ->
                facts.standbyNames().isEmpty()
                        ? List.of()
                        : commit(facts, "a commit is answered before the standby has it on disk", remedy);
            default -> commit(facts, "its meaning is not known", remedy);
        };
    }

    private static List<Durability.Reason> commit(Facts facts, String why, String remedy) {
        return List.of(new Durability.Reason("synchronous_commit", facts.synchronousCommit(), why, remedy));
    }

    private static List<Durability.Reason> warnings(Facts facts) {
        List<Durability.Reason> warnings = new ArrayList<>();
        if (!facts.dataChecksums().equals("on")) {
            warnings.add(new Durability.Reason(
                    CHECKSUMS,
                    facts.dataChecksums(),
                    "damage on disk is not noticed",
                    "stop the server and enable them with pg_checksums"));
        }
        if (facts.standbyNames().contains("*")) {
            warnings.add(new Durability.Reason(
                    "synchronous_standby_names",
                    facts.standbyNames(),
                    "any standby's answer counts, also one that a failover does not choose",
                    "name the standbys, or let the cluster manager keep this setting"));
        }
        if (facts.standbyNames().isEmpty() && facts.receivers() > 0) {
            warnings.add(new Durability.Reason(
                    "synchronous_standby_names",
                    "",
                    "there are standbys that commits do not wait for, so a failover to one loses the last of them",
                    "name the standbys, or never fail over to these"));
        }
        return List.copyOf(warnings);
    }
}
