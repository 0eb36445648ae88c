package org.usageledger.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.usageledger.event.ContentHash;
import org.usageledger.event.EventIdentity;
import org.usageledger.event.Sha256;

/**
 * The running hash over the log. {@code leaf(n) = sha256(position, identity, content)} of the event at n, {@code chain(n) =
 * sha256(chain(n-1), leaf(n))}; chain(0) is the hash of the ledger's name. Kept after every window of {@link #WINDOW} positions and
 * at the head, so that whoever has the identities can recompute it window by window, also where the events are pruned.
 */
public final class Chain {
    /** Positions in a window. */
    public static final int WINDOW = 1_024;

    /** Before the first event. */
    public static final ChainValue START =
            ChainValue.of(Sha256.digest().digest("usage-ledger".getBytes(StandardCharsets.UTF_8)));

    private final MessageDigest sha256 = Sha256.digest();
    private final ByteBuffer leafHead = ByteBuffer.allocate(3 * Long.BYTES);
    private byte[] value;

    /** Stands at the chain's value up to some position. */
    public Chain(ChainValue from) {
        this.value = from.bytes();
    }

    /** Takes in the event at the next position. */
    public void add(long position, EventIdentity identity, ContentHash content) {
        leafHead.clear()
                .putLong(position)
                .putLong(identity.value().getMostSignificantBits())
                .putLong(identity.value().getLeastSignificantBits());
        sha256.update(leafHead.flip());
        content.addTo(sha256);
        byte[] leaf = sha256.digest();
        sha256.update(value);
        value = sha256.digest(leaf);
    }

    /** The chain up to the last event taken in. */
    public ChainValue value() {
        return ChainValue.of(value);
    }

    /** Whether a window ends with this position. */
    public static boolean endsWindow(long position) {
        return position % WINDOW == 0;
    }
}
