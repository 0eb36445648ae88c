package org.usageledger.running;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.Cursor;

/**
 * Where a walk over pages stands. Its text is opaque to readers and fit for a URL.
 *
 * @param asOf of the walk's first page
 * @param kind of the last resource handed out
 * @param guid of the last resource handed out
 */
public record PageToken(AsOf asOf, ResourceKind kind, String guid) {
    private static final int LONGEST_TEXT = 2_000;
    private static final char BETWEEN = ' ';
    private static final int PARTS = 4;

    /** The token of this text; empty if it is none. */
    public static Optional<PageToken> parse(String text) {
        if (text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(bytes);
            return ofParts(decoded.toString().split(String.valueOf(BETWEEN), PARTS));
        } catch (IllegalArgumentException | DateTimeException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Optional<PageToken> ofParts(String[] parts) {
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        Instant time = Instant.parse(parts[1]);
        ResourceKind kind = ResourceKind.ofCode(Integer.parseInt(parts[2]));
        return Cursor.parse(parts[0]).map(cursor -> new PageToken(new AsOf(cursor, time), kind, parts[3]));
    }

    @Override
    public String toString() {
        String plain = String.join(
                String.valueOf(BETWEEN),
                asOf.cursor().toString(),
                asOf.time().toString(),
                Integer.toString(kind.code()),
                guid);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }
}
