package org.usageledger.jobs;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** An execution's parameters on their way to and from the database: two arrays, in the order of the names. */
public record Parameters(SortedMap<String, String> named) {

    public static Parameters of(Map<String, String> named) {
        return new Parameters(new TreeMap<>(named));
    }

    /** From the columns {@code param_names} and {@code param_values} of a row. */
    public static Parameters read(ResultSet row) throws SQLException {
        String[] names = strings(row.getArray("param_names"));
        String[] values = strings(row.getArray("param_values"));
        SortedMap<String, String> named = new TreeMap<>();
        for (int i = 0; i < names.length; i++) {
            named.put(names[i], values[i]);
        }
        return new Parameters(named);
    }

    private static String[] strings(Array array) throws SQLException {
        Object[] elements = (Object[]) array.getArray();
        return Arrays.copyOf(elements, elements.length, String[].class);
    }

    /** For a statement. */
    public Array names(Connection connection) throws SQLException {
        return connection.createArrayOf("text", named.keySet().toArray());
    }

    /** For a statement, in the order of the names. */
    public Array values(Connection connection) throws SQLException {
        return connection.createArrayOf("text", named.values().toArray());
    }

    /** Lengths go in as well, so that no two sets of parameters share their bytes. */
    byte[] sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            named.forEach((name, value) -> {
                digest.update(
                        (name.length() + ":" + name + value.length() + ":" + value).getBytes(StandardCharsets.UTF_8));
            });
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
