package org.usageledger.postgres.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;
import org.usageledger.postgres.DatabaseAddress;

/** A server in a container. */
record ContainerBackend(PostgreSQLContainer container) implements ServerBackend {

    private static final int CONNECT_MILLIS = 500;

    private static final String CREATE_ROLE = """
            create role ledger login password 'ledger'
            """;

    private static final String CREATE_SERVICE_ROLE = """
            create role ledger_service login password 'ledger'
            """;

    /** Whether a container engine answers; asked without loading anything of the container library. */
    static boolean possible() {
        @Nullable String host = System.getenv("DOCKER_HOST");
        URI address = URI.create(host == null || host.isBlank() ? "unix:///var/run/docker.sock" : host);
        try {
            return "unix".equals(address.getScheme())
                    ? answersUnix(UnixDomainSocketAddress.of(Path.of(address.getPath())))
                    : answersTcp(new InetSocketAddress(address.getHost(), address.getPort()));
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static boolean answersUnix(SocketAddress address) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(address);
        }
    }

    private static boolean answersTcp(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS);
            return true;
        }
    }

    static ContainerBackend start(ServerVersion version) throws SQLException {
        // The library starts its servers without fsync, which would make fault tests meaningless.
        @SuppressWarnings("resource") // lives as long as the JVM, whose end the library watches
        PostgreSQLContainer container = new PostgreSQLContainer(DockerImageName.parse(version.image()))
                .withUsername("postgres")
                .withDatabaseName("postgres")
                .withPassword("postgres")
                .withCommand("postgres", "-c", "fsync=on", "-c", "max_connections=100");
        container.start();
        ContainerBackend backend = new ContainerBackend(container);
        try (Connection connection = backend.administrator().open();
                Statement statement = connection.createStatement()) {
            statement.execute(CREATE_ROLE);
            statement.execute(CREATE_SERVICE_ROLE);
        }
        return backend;
    }

    @Override
    public DatabaseAddress administrator() {
        return new DatabaseAddress(container.getJdbcUrl(), container.getUsername(), container.getPassword());
    }

    @Override
    public DatabaseAddress service(String database) {
        return on(database, "ledger");
    }

    @Override
    public DatabaseAddress restricted(String database) {
        return on(database, "ledger_service");
    }

    private DatabaseAddress on(String database, String role) {
        String url = "jdbc:postgresql://" + container.getHost() + ":"
                + container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT) + "/" + database;
        return new DatabaseAddress(url, role, "ledger");
    }

    @Override
    public List<String> logTail(int lines) {
        List<String> all = container.getLogs().lines().toList();
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    @Override
    public String description() {
        return container.getDockerImageName() + ", in a container";
    }
}
