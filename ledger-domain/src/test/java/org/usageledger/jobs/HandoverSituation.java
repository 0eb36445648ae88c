package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;

/** Nodes that are asked to hand over what they do. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
abstract class HandoverSituation extends JobsSituation {

    Nodes nodes() {
        return new Nodes(database.dataSource(), QUICK);
    }

    void quiesce(String node) {
        assertThat(nodes().quiesce(node, new Word("test", "an upgrade"))).isInstanceOf(Nodes.Answer.Accepted.class);
    }

    NodeView view(String node) {
        return nodes().node(node).orElseThrow();
    }

    void awaitDrained(String node) {
        Await.untilTrue(
                CountingJob.PATIENCE,
                () -> view(node).toString(),
                () -> view(node).state() == NodeState.DRAINED);
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
