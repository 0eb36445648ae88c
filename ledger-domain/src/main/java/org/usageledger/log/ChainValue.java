package org.usageledger.log;

import java.util.Arrays;
import java.util.HexFormat;
import org.usageledger.event.Sha256;

/** The running hash over the log up to some position; 32 bytes. */
public final class ChainValue {
    private final byte[] sha256;

    private ChainValue(byte[] sha256) {
        this.sha256 = sha256;
    }

    /** A value of these bytes, which are copied. */
    public static ChainValue of(byte[] sha256) {
        if (sha256.length != Sha256.LENGTH) {
            throw new IllegalArgumentException("a chain value has 32 bytes, this has " + sha256.length);
        }
        return new ChainValue(sha256.clone());
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return sha256.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChainValue value && Arrays.equals(sha256, value.sha256);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sha256);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(sha256);
    }
}
