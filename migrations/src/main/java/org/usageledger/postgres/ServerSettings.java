package org.usageledger.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the server is started with, on its command line, so that nothing in its configuration files overrides it. Values
 * are written as the server shows them, so that they can be compared when they are read back.
 */
record ServerSettings(Map<String, String> values) {

    // Each client's session has its own, so it cannot be read back.
    private static final String TIME_ZONE = "-c 'TimeZone=UTC'";

    private static final String READ_BACK = """
            select wanted.name, current_setting(wanted.name, true) as value
            from unnest(?) with ordinality as wanted (name, nr)
            order by wanted.nr
            """;

    static ServerSettings on(int port) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("listen_addresses", "127.0.0.1");
        values.put("port", Integer.toString(port));
        values.put("unix_socket_directories", "");
        values.putAll(durability());
        values.putAll(sizes());
        values.putAll(logging());
        values.put("password_encryption", "scram-sha-256");
        return new ServerSettings(values);
    }

    private static Map<String, String> durability() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("fsync", "on");
        values.put("full_page_writes", "on");
        values.put("synchronous_commit", "on");
        // There is no standby: a name here would make every commit wait for ever.
        values.put("synchronous_standby_names", "");
        if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")) {
            // The default there leaves the data in the disk's own cache.
            values.put("wal_sync_method", "fsync_writethrough");
        }
        return values;
    }

    /** For a machine that also runs the service: a small cache of its own, the system's file cache does the rest. */
    private static Map<String, String> sizes() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("max_connections", "100");
        values.put("shared_buffers", "128MB");
        values.put("max_wal_size", "2GB");
        values.put("min_wal_size", "128MB");
        // These programs know pglz only, which takes ten times as long as writing the page whole.
        values.put("wal_compression", "off");
        return values;
    }

    /** One file an hour of the day, emptied when its hour comes again: the log never holds more than a day. */
    private static Map<String, String> logging() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("logging_collector", "on");
        values.put("log_directory", "log");
        values.put("log_filename", "postgresql-%H.log");
        values.put("log_rotation_age", "1h");
        values.put("log_rotation_size", "0");
        values.put("log_truncate_on_rotation", "on");
        values.put("log_timezone", "UTC");
        values.put("log_startup_progress_interval", "2s");
        return values;
    }

    /** As options of the server, for a shell. */
    String options() {
        return values.entrySet().stream()
                .map(setting -> "-c '" + setting.getKey() + "=" + setting.getValue() + "'")
                .collect(Collectors.joining(" ", "", " " + TIME_ZONE));
    }

    /** The settings in which a running server differs, each as {@code name is x and should be y}. */
    List<String> differences(Connection connection) throws SQLException {
        List<String> differences = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(READ_BACK)) {
            Array names = connection.createArrayOf("text", values.keySet().toArray());
            statement.setArray(1, names);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String name = rows.getString("name");
                    @Nullable String value = rows.getString("value");
                    @Nullable String wanted = values.get(name);
                    if (wanted != null && !wanted.equals(value)) {
                        differences.add(name + " is '" + value + "' and should be '" + wanted + "'");
                    }
                }
            }
        }
        return List.copyOf(differences);
    }
}
