package org.usageledger.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;

/**
 * How large one event may be.
 *
 * @param eventBytes of its JSON as it is stored: without blanks between tokens
 * @param nesting objects and arrays within each other, the event itself counted
 */
public record EventLimits(int eventBytes, int nesting) {
    /** Far above what a platform sends (about 1 KiB, nested twice), far below what would hurt. */
    public static final EventLimits DEFAULT = new EventLimits(64 * 1024, 32);

    /** Room for what encloses an event in a request. */
    private static final int ENVELOPE_NESTING = 4;

    /** Digits beyond this are no count, size or time of any platform. */
    private static final int NUMBER_CHARACTERS = 1000;

    public EventLimits {
        if (eventBytes < 1024 || nesting < 4) {
            throw new IllegalArgumentException(
                    "limits too small for any event: " + eventBytes + " bytes, nesting " + nesting);
        }
    }

    /** Makes parsers that stay within these limits whatever is sent. */
    public JsonFactory parsers() {
        return JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(nesting + ENVELOPE_NESTING)
                        .maxStringLength(eventBytes)
                        .maxNameLength(eventBytes)
                        .maxNumberLength(NUMBER_CHARACTERS)
                        .build())
                .build();
    }
}
