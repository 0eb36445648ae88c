package org.usageledger.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over an event's normative fields, canonically encoded: everything in the platform's resource but {@code updated_at},
 * {@code links} and unknown fields. A missing field and a null one are the same content.
 */
public final class ContentHash {
    private static final byte ABSENT = 0;
    private static final byte TEXT = 1;
    private static final byte NUMBER = 2;

    private final byte[] sha256;

    private ContentHash(byte[] sha256) {
        this.sha256 = sha256;
    }

    /** A hash read back from storage. */
    public static ContentHash stored(byte[] sha256) {
        if (sha256.length != Sha256.LENGTH) {
            throw new IllegalArgumentException("a content hash has 32 bytes, this has " + sha256.length);
        }
        return new ContentHash(sha256.clone());
    }

    public static ContentHash of(UsageEvent event) {
        Encoder encoder = new Encoder();
        encoder.text(event.kind().label())
                .text(event.guid())
                .time(event.occurredAt())
                .text(event.state());
        switch (event) {
            case AppUsageEvent app ->
                encoder.text(app.previousState())
                        .ref(app.app())
                        .ref(app.process())
                        .ref(app.space())
                        .ref(app.organization())
                        .ref(app.buildpack())
                        .ref(app.task())
                        .change(app.memory())
                        .change(app.instances());
            case ServiceUsageEvent service ->
                encoder.ref(service.space())
                        .ref(service.organization())
                        .ref(service.instance())
                        .text(service.instanceType())
                        .ref(service.plan())
                        .ref(service.offering())
                        .ref(service.broker());
        }
        return new ContentHash(encoder.sha256.digest());
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return sha256.clone();
    }

    public void addTo(MessageDigest digest) {
        digest.update(sha256);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContentHash hash && Arrays.equals(sha256, hash.sha256);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sha256);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(sha256);
    }

    private static final class Encoder {
        private final MessageDigest sha256 = Sha256.digest();
        private final ByteBuffer number = ByteBuffer.allocate(1 + Long.BYTES + Integer.BYTES);

        Encoder text(@Nullable String text) {
            if (text == null) {
                sha256.update(ABSENT);
                return this;
            }
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            update(number.clear().put(TEXT).putInt(utf8.length));
            sha256.update(utf8);
            return this;
        }

        Encoder integer(@Nullable Integer value) {
            if (value == null) {
                sha256.update(ABSENT);
            } else {
                update(number.clear().put(NUMBER).putInt(value));
            }
            return this;
        }

        Encoder time(Instant time) {
            update(number.clear().put(NUMBER).putLong(time.getEpochSecond()).putInt(time.getNano()));
            return this;
        }

        Encoder ref(Ref ref) {
            return text(ref.guid()).text(ref.label());
        }

        Encoder change(Change change) {
            return integer(change.current()).integer(change.previous());
        }

        private void update(ByteBuffer filled) {
            sha256.update(filled.flip());
        }
    }
}
