package org.usageledger.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.usageledger.lifecycle.EventKind;

/**
 * From a stored body back to its event. Every format that was ever stored is decoded for ever; a new one gets a number of its own.
 *
 * <p>Format 1: the platform's V3 resource as JSON, as it was sent.
 *
 * <p>Keeps buffers from event to event: used by one thread at a time.
 */
public final class StoredForm {
    /** What is written today. */
    public static final int FORMAT = 1;

    /** Stored bodies were within the limits of their day; these are no reason to refuse to read them back. */
    private static final EventLimits UNLIMITED = new EventLimits(Integer.MAX_VALUE / 4, 1_000);

    private final JsonFactory parsers = UNLIMITED.parsers();
    private final EventReader reader = new EventReader(UNLIMITED);

    /**
     * The event of this body.
     *
     * @throws UnreadableBody if the format is unknown or the body is not an event of it
     */
    public UsageEvent decode(EventKind kind, int format, Body body) {
        if (format != FORMAT) {
            throw new UnreadableBody("stored in format " + format + ", which this version does not know", null);
        }
        try (JsonParser parser = parsers.createParser(body.bytes())) {
            parser.nextToken();
            return switch (reader.read(parser, 0, kind)) {
                case Decoded.Event decoded -> decoded.event();
                case Decoded.Malformed malformed ->
                    throw new UnreadableBody("not an event: " + malformed.problems(), null);
                case Decoded.TooLarge tooLarge -> throw new UnreadableBody("larger than any event", null);
            };
        } catch (IOException e) {
            throw new UnreadableBody("not JSON", e);
        }
    }
}
