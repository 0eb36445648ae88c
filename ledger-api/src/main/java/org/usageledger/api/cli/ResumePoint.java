package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * How far an input has been appended, kept in a file. An old one is harmless: what is sent again is a duplicate.
 *
 * @param event number of the last event that was answered for
 * @param digest SHA-256 of that event, so that another input is not skipped by mistake
 * @param head the ledger's cursor after it
 */
record ResumePoint(long event, String digest, String head) {

    static ResumePoint after(Entry entry, String head) {
        return new ResumePoint(entry.number(), digest(entry), head);
    }

    /** What the file says; empty if there is none. */
    static Optional<ResumePoint> read(Path file) throws IOException {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        JsonNode node = JsonText.tree(Files.readAllBytes(file));
        ResumePoint point = new ResumePoint(
                node.path("event").asLong(), JsonText.text(node, "digest"), JsonText.text(node, "head"));
        if (point.event() < 1 || point.digest().isEmpty()) {
            throw new CommandFailed(file + " is no state of an append: name another file, or delete it.");
        }
        return Optional.of(point);
    }

    void write(Path file) throws IOException {
        ObjectNode node = JsonText.object();
        node.put("event", event).put("digest", digest).put("head", head);
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.write(next, (JsonText.line(node) + "\n").getBytes(StandardCharsets.UTF_8));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    boolean describes(Entry entry) {
        return entry.number() == event && digest(entry).equals(digest);
    }

    private static String digest(Entry entry) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(entry.json().array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
