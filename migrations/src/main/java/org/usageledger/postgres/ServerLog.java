package org.usageledger.postgres;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The ends of what a server wrote, for messages. */
final class ServerLog {

    private static final int BYTES = 16_384;

    private ServerLog() {}

    /** The last lines of the newest log, after those the server wrote before that was open; at most {@code lines}. */
    static List<String> tail(DataFolder folder, int lines) {
        List<String> all = Stream.concat(Stream.of(folder.startLog()), newest(folder).stream())
                .flatMap(file -> end(file).lines())
                .toList();
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    /** What the server wrote before it opened its own log, at its last start. */
    static List<String> beforeItsOwn(DataFolder folder) {
        return end(folder.startLog()).lines().toList();
    }

    static String lastLine(DataFolder folder) {
        List<String> tail = tail(folder, 1);
        return tail.isEmpty() ? "" : tail.getFirst();
    }

    private static Optional<Path> newest(DataFolder folder) {
        if (!Files.isDirectory(folder.logs())) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder.logs())) {
            return files.max(Comparator.comparing(ServerLog::changed));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static FileTime changed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private static String end(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.position(Math.max(0, channel.size() - BYTES));
            return new String(Channels.newInputStream(channel).readNBytes(BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            // Absent before the first start; a message must not fail for want of its last detail.
            return "";
        }
    }
}
