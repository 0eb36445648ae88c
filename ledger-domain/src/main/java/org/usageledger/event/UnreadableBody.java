package org.usageledger.event;

import org.jspecify.annotations.Nullable;

/** A stored body cannot be decoded: it was damaged, or a newer version wrote it. */
public final class UnreadableBody extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableBody(String why, @Nullable Throwable cause) {
        super(why, cause);
    }
}
