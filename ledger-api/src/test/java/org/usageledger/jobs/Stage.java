package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** A database in which one execution after the other begins with the same rows. What clearing does not know of shows up as a difference. */
record Stage(DataSource database) {
    private static final String KEEP = """
            create schema kept;
            create table kept.projection as
              table projection;
            create table kept.hold as
              table hold;
            create table kept.running_resource as
              table running_resource;
            create table kept.noted_fold as
              table noted_fold;
            """;

    private static final String CLEAR = """
            delete from job_finding;
            delete from job_step_event;
            delete from job_claim;
            delete from job_execution;
            delete from ledger_node;
            delete from projection_rebuild;
            delete from hold;
            insert into hold
              table kept.hold;
            update projection p
            set live_slot = k.live_slot
            from kept.projection k
            where k.name = p.name;
            delete from running_resource;
            insert into running_resource
              table kept.running_resource;
            delete from noted_fold;
            insert into noted_fold
              overriding system value
              table kept.noted_fold;
            """;

    /** Keeps what is there now. */
    Stage {
        execute(database, KEEP);
    }

    /** Sets back what jobs change; waits for what a node that ended had open. */
    void clear() {
        execute(database, CLEAR);
    }

    private static void execute(DataSource database, String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("setting the stage", e);
        }
    }
}
