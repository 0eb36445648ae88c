package org.usageledger.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.usageledger.postgres.testing.PrivateServer;
import org.usageledger.postgres.testing.ServerVersion;

/** A data folder of one test's own. Closes what the test started on it; prints what was said and logged if it fails. */
final class Trial implements AfterTestExecutionCallback, AfterEachCallback {

    private static final int LOG_LINES = 60;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private EmbeddedPostgres.Settings settings = PrivateServer.settings(ServerVersion.NEWEST);

    EmbeddedPostgres.Settings settings() {
        return settings;
    }

    void within(Duration start) {
        settings = settings.withDeadlines(start, settings.stopDeadline());
    }

    void in(Path dataFolder) {
        settings = new EmbeddedPostgres.Settings(
                dataFolder,
                settings.binariesFolder(),
                settings.archive(),
                settings.startDeadline(),
                settings.stopDeadline());
    }

    Path root() {
        return settings.dataFolder();
    }

    DataFolder folder() {
        return DataFolder.open(root());
    }

    EmbeddedPostgres start() {
        said.clear();
        return closing(EmbeddedPostgres.start(settings, said::add));
    }

    <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    /** What the operator was told since the last start. */
    List<String> said() {
        return List.copyOf(said);
    }

    /** A process that is no server, as the user the server runs as. */
    Process asServerUser(String... command) throws IOException {
        ServerUser user = ServerUser.forCluster(folder().cluster());
        Process stranger = new ProcessBuilder(user.command(List.of(command)))
                .directory(Path.of("/").toFile())
                .start();
        closing(stranger::destroyForcibly);
        return stranger;
    }

    static void execute(DatabaseAddress address, String sql) throws SQLException {
        try (Connection connection = address.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static @Nullable String ask(DatabaseAddress address, String sql) throws SQLException {
        try (Connection connection = address.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            System.out.println("After " + context.getDisplayName() + ": the operator was told");
            said.forEach(line -> System.out.println("  " + line));
            System.out.println("and the server wrote");
            ServerLog.tail(folder(), LOG_LINES).forEach(line -> System.out.println("  " + line));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
