package org.usageledger.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;

/**
 * PostgreSQL's programs, unpacked.
 *
 * @param folder has {@code bin}, {@code lib} and {@code share}
 */
record ServerBinaries(Path folder) {

    private static final String MARKER = "unpacked";
    // The lock on the file does not keep threads of one process apart.
    private static final Object ONE_THREAD = new Object();

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /**
     * The programs of {@code archive} under {@code parent}; unpacks them if they are not there whole. Safe against other
     * processes doing the same, and against having been interrupted.
     */
    static ServerBinaries unpacked(BinariesArchive archive, Path parent, Consumer<String> progress) {
        try {
            if (!Files.isDirectory(parent)) {
                Files.createDirectories(parent);
                Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            Path folder = parent.resolve(archive.identity());
            synchronized (ONE_THREAD) {
                unpackAlone(archive, folder, progress);
            }
            return new ServerBinaries(folder);
        } catch (IOException e) {
            throw new PostgresUnavailable("PostgreSQL's programs cannot be unpacked into " + parent + ": " + e, e);
        }
    }

    private static void unpackAlone(BinariesArchive archive, Path folder, Consumer<String> progress)
            throws IOException {
        Path lockFile = folder.resolveSibling(folder.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assert lock.isValid();
            if (isWhole(folder)) {
                return;
            }
            progress.accept("unpacking PostgreSQL into " + folder);
            Path unfinished = folder.resolveSibling(folder.getFileName() + ".unfinished");
            Folders.remove(unfinished);
            Folders.remove(folder);
            TarXz.unpack(archive, unfinished);
            Files.writeString(unfinished.resolve(MARKER), Content.of(unfinished).toString());
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static boolean isWhole(Path folder) throws IOException {
        Path marker = folder.resolve(MARKER);
        return Files.exists(marker)
                && Files.readString(marker).equals(Content.of(folder).toString());
    }

    /** Tells a folder that lost files or their ends, as after a power cut, from a whole one. */
    private record Content(long files, long bytes) {

        static Content of(Path folder) throws IOException {
            long[] sums = new long[2];
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (!file.equals(folder.resolve(MARKER))) {
                        sums[0]++;
                        sums[1] += attributes.size();
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
            return new Content(sums[0], sums[1]);
        }
    }
}
