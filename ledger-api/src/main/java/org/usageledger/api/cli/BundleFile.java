package org.usageledger.api.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** An archive of texts, for its owner's eyes only until they send it on. */
final class BundleFile {
    static final String ZIP = ".zip";
    static final List<String> ENDINGS = List.of(".tar.gz", ".tgz", ZIP);

    private BundleFile() {}

    /**
     * Writes a file that is not there yet.
     *
     * @param parts by name, in order
     * @throws CommandFailed if it is there
     */
    static void write(Path file, String folder, Map<String, String> parts) {
        try {
            create(file);
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
                if (file.toString().endsWith(ZIP)) {
                    zip(out, folder, parts);
                } else {
                    tar(out, folder, parts);
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailed("There is a file " + file + " already: name another.", e);
        } catch (IOException e) {
            throw new CommandFailed("Cannot write " + file + ": " + e.getMessage() + ".", e);
        }
    }

    private static void create(Path file) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] mine = {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))};
        Files.newByteChannel(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        posix ? mine : new FileAttribute<?>[0])
                .close();
    }

    private static void zip(OutputStream out, String folder, Map<String, String> parts) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, String> part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(folder + "/" + part.getKey()));
                zip.write(part.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
    }

    private static void tar(OutputStream out, String folder, Map<String, String> parts) throws IOException {
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GZIPOutputStream(out), StandardCharsets.UTF_8.name())) {
            for (Map.Entry<String, String> part : parts.entrySet()) {
                byte[] content = part.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(folder + "/" + part.getKey());
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
    }
}
