package org.usageledger.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks an archive so that every user can read it and only its owner can change it. */
final class TarXz {

    private static final int ANY_EXECUTE = 0111;

    private TarXz() {}

    /** @throws IOException if the archive is damaged, or holds a name or a link that points out of {@code target} */
    static void unpack(BinariesArchive archive, Path target) throws IOException {
        Set<Path> folders = new TreeSet<>();
        try (InputStream packed = new BufferedInputStream(archive.open());
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
            folder(target, target, folders);
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                unpack(entry, tar, target, folders);
                entry = tar.getNextEntry();
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path target, Set<Path> folders)
            throws IOException {
        Path path = inside(target, target.resolve(entry.getName()));
        if (entry.isDirectory()) {
            folder(path, target, folders);
            return;
        }
        folder(Folders.of(path), target, folders);
        if (entry.isSymbolicLink()) {
            inside(target, path.resolveSibling(entry.getLinkName()));
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        if (!entry.isFile()) {
            throw new IOException("unexpected kind of entry: " + entry.getName());
        }
        Files.copy(content, path);
        boolean program = (entry.getMode() & ANY_EXECUTE) != 0;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static void folder(Path folder, Path target, Set<Path> made) throws IOException {
        if (!made.add(folder)) {
            return;
        }
        if (!folder.equals(target)) {
            folder(Folders.of(folder), target, made);
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder);
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path inside(Path target, Path path) throws IOException {
        Path normal = path.normalize();
        if (!normal.startsWith(target)) {
            throw new IOException("the archive points out of its folder: " + path);
        }
        return normal;
    }
}
