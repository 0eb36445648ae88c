package org.usageledger.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.usageledger.lifecycle.EventKind;

/**
 * What makes two deliveries the same event: kind and guid, and where the guid is the resource's own (as the platform's reseed
 * writes them, again and again) kind, guid and {@code occurred_at}.
 *
 * @param value the first 128 bits of a SHA-256 over these; should two identities ever share them, their contents differ and the
 *     second is refused as a conflict, so nothing is lost unseen
 */
public record EventIdentity(UUID value) {

    public static EventIdentity of(UsageEvent event) {
        if (!event.namedAfterItsResource()) {
            return ofGuid(event.kind(), event.guid());
        }
        MessageDigest sha256 = begin(event.kind(), event.guid());
        sha256.update((byte) 0);
        sha256.update(micros(event.occurredAt()));
        return end(sha256);
    }

    /** The identity of an event whose guid is not its resource's own. */
    public static EventIdentity ofGuid(EventKind kind, String guid) {
        return end(begin(kind, guid));
    }

    private static MessageDigest begin(EventKind kind, String guid) {
        MessageDigest sha256 = Sha256.digest();
        sha256.update((byte) kind.code());
        sha256.update(guid.getBytes(StandardCharsets.UTF_8));
        return sha256;
    }

    private static EventIdentity end(MessageDigest sha256) {
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
        return new EventIdentity(new UUID(digest.getLong(), digest.getLong()));
    }

    private static byte[] micros(Instant time) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time);
        return ByteBuffer.allocate(Long.BYTES).putLong(micros).array();
    }
}
