package org.usageledger.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The packed PostgreSQL programs for this machine, found on the class path.
 *
 * @param location where the archive is
 * @param identity differs whenever the archive's content differs; fit as the name of a folder
 */
public record BinariesArchive(URI location, String identity) {

    /**
     * The archive that Maven brings for this operating system and processor.
     *
     * @throws PostgresUnavailable if there is none
     */
    public static BinariesArchive ofThisMachine() {
        return inFolder("");
    }

    /** The archive for this machine under {@code folder} of the class path, which is empty or ends with a slash. */
    public static BinariesArchive inFolder(String folder) {
        String name = folder + "postgres-" + platform() + ".txz";
        @Nullable URL url = BinariesArchive.class.getClassLoader().getResource(name);
        if (url == null) {
            throw new PostgresUnavailable("There are no PostgreSQL programs for this machine (" + platform()
                    + ") in this build: set LEDGER_DATABASE_URL to use a PostgreSQL of your own");
        }
        try {
            return new BinariesArchive(URI.create(url.toString()), identityOf(url));
        } catch (IOException e) {
            throw new PostgresUnavailable("The packed PostgreSQL programs at " + url + " cannot be read: " + e, e);
        }
    }

    InputStream open() throws IOException {
        return location.toURL().openStream();
    }

    private static String identityOf(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        // The jar's table of contents has the checksum already: reading 15 MB at each start is saved.
        if (connection instanceof JarURLConnection jar && jar.getJarEntry().getCrc() != -1) {
            return identity(jar.getJarEntry().getCrc(), jar.getJarEntry().getSize());
        }
        CRC32 checksum = new CRC32();
        try (InputStream in = new CheckedInputStream(connection.getInputStream(), checksum)) {
            long bytes = in.transferTo(java.io.OutputStream.nullOutputStream());
            return identity(checksum.getValue(), bytes);
        }
    }

    private static String identity(long checksum, long bytes) {
        return String.format(Locale.ROOT, "postgresql-%08x-%d", checksum, bytes);
    }

    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return (system.startsWith("mac") ? "darwin" : system)
                + switch (processor) {
                    case "amd64", "x86_64" -> "-x86_64";
                    case "aarch64", "arm64" -> "-arm_64";
                    default -> "-" + processor;
                };
    }
}
