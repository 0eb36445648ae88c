package org.usageledger.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Says that one process, this one, uses a data folder. The operating system ends it when the process ends, however it ends. */
final class DataFolderLock implements AutoCloseable {

    // Closing any channel on the file would give up this process's lock, so the file is not even opened a second time.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private DataFolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws PostgresUnavailable naming the process that uses the folder, if one does */
    static DataFolderLock take(DataFolder folder) {
        Path file = folder.lock();
        if (!HELD_HERE.add(file)) {
            throw usedBy(folder, Long.toString(ProcessHandle.current().pid()));
        }
        boolean taken = false;
        try {
            DataFolderLock lock = lock(folder);
            taken = true;
            return lock;
        } catch (IOException e) {
            throw new PostgresUnavailable(
                    "The data folder " + folder.root() + " cannot be locked (" + e
                            + "): run the service as the user that owns it, or choose another with --data",
                    e);
        } finally {
            if (!taken) {
                HELD_HERE.remove(file);
            }
        }
    }

    private static DataFolderLock lock(DataFolder folder) throws IOException {
        Path file = folder.lock();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
            if (lock == null) {
                throw usedBy(folder, Files.readString(file).strip());
            }
            byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid));
            return new DataFolderLock(file, channel);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    private static PostgresUnavailable usedBy(DataFolder folder, String pid) {
        return new PostgresUnavailable("The data folder " + folder.root() + " is in use by another service (process "
                + pid + "): stop that one, or choose another folder with --data");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("releasing " + file, e);
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
