package org.usageledger.api.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The events of an input, one after the other. Nothing is judged here but where one ends. */
interface EventSource extends AutoCloseable {
    /** Longer than any limit a service has: what is longer is no list of events. */
    int LONGEST_EVENT_BYTES = 4 << 20;

    /** The next event; null after the last. */
    @Nullable
    Entry next() throws IOException;

    @Override
    void close() throws IOException;
}
