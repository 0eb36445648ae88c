package org.usageledger.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** A generated password in a file that only its owner may read. */
final class Secret {

    private static final int BYTES = 32;

    private Secret() {}

    /** Reads the secret, or makes one that outlives a crash before it is returned. */
    static String readOrCreate(Path file) throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        return Files.readString(file).strip();
    }

    private static void create(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Folders.writePrivate(file, secret + "\n");
    }
}
