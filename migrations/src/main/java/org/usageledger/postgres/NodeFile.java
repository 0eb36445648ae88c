package org.usageledger.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;

/** The name of the service that a data folder belongs to: given once, the same at each start. */
final class NodeFile {
    private static final int NAME_CHARACTERS = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1," + NAME_CHARACTERS + "}");
    private static final long MOST_BYTES = 2L * NAME_CHARACTERS;

    private NodeFile() {}

    /**
     * Reads the name, or makes one that outlives a crash before it is returned.
     *
     * @throws PostgresUnavailable if the file cannot be read or made, or what is in it is no name
     */
    static String readOrCreate(Path file) {
        try {
            if (!Files.exists(file)) {
                String name = "node-" + UUID.randomUUID().toString().substring(0, 8);
                Folders.writePrivate(file, name + "\n");
            }
            String name = Files.size(file) > MOST_BYTES
                    ? ""
                    : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
            if (!NAME.matcher(name).matches()) {
                throw new PostgresUnavailable("The file " + file + " holds no node name: write one of up to "
                        + NAME_CHARACTERS
                        + " letters, digits, dots, underscores and hyphens into it, or remove it for a"
                        + " new one");
            }
            return name;
        } catch (IOException e) {
            throw new PostgresUnavailable("The node name in " + file + " cannot be read or made: " + e, e);
        }
    }
}
