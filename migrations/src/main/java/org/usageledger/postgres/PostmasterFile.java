package org.usageledger.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a server wrote about itself into {@code postmaster.pid}.
 *
 * @param startedAtSecond seconds since 1970, on the clock of that time
 * @param status {@code starting}, {@code stopping}, {@code ready} or {@code standby}; empty while it is not written yet
 */
record PostmasterFile(long pid, Path dataFolder, long startedAtSecond, int port, String status) {

    private static final int LINES_OF_INTEREST = 4;
    private static final int STATUS_LINE = 7;

    static Path in(DataFolder folder) {
        return folder.cluster().resolve("postmaster.pid");
    }

    /** Empty if there is no such file, or it is not written as far as the port. */
    static Optional<PostmasterFile> read(DataFolder folder) {
        Path file = in(folder);
        try {
            return Files.exists(file) ? parse(Files.readAllLines(file)) : Optional.empty();
        } catch (IOException e) {
            // The server removes it between the look and the read when it stops.
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            throw new PostgresUnavailable("The file " + file + " cannot be read: " + e, e);
        }
    }

    static Optional<PostmasterFile> parse(List<String> lines) {
        if (lines.size() < LINES_OF_INTEREST) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PostmasterFile(
                    Long.parseLong(lines.get(0).strip()),
                    Path.of(lines.get(1)),
                    Long.parseLong(lines.get(2).strip()),
                    Integer.parseInt(lines.get(3).strip()),
                    lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : ""));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    boolean ready() {
        return status.equals("ready");
    }
}
