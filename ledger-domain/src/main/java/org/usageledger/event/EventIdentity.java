package org.usageledger.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * What makes two deliveries the same event: kind and guid, and where the guid is the resource's own (as the platform's reseed
 * writes them, again and again) kind, guid and {@code occurred_at}.
 *
 * @param value the first 128 bits of a SHA-256 over these; should two identities ever share them, their contents differ and the
 *     second is refused as a conflict, so nothing is lost unseen
 */
public record EventIdentity(UUID value) {

    public static EventIdentity of(UsageEvent event) {
        MessageDigest sha256 = Sha256.digest();
        sha256.update((byte) event.kind().code());
        sha256.update(event.guid().getBytes(StandardCharsets.UTF_8));
        if (event.namedAfterItsResource()) {
            sha256.update((byte) 0);
            sha256.update(micros(event.occurredAt()));
        }
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
        return new EventIdentity(new UUID(digest.getLong(), digest.getLong()));
    }

    private static byte[] micros(Instant time) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time);
        return ByteBuffer.allocate(Long.BYTES).putLong(micros).array();
    }
}
