package org.usageledger.log;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a reader stands: it has seen what is at or before {@code position}. Written {@code epoch-position-step}; readers take it
 * as opaque.
 *
 * @param epoch the history in which the position was given
 * @param position 0 before the first event
 * @param step the last retention step its holder was told of
 */
public record Cursor(int epoch, long position, long step) {
    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8})-(0|[1-9]\\d{0,17})-(0|[1-9]\\d{0,17})");

    public Cursor {
        if (epoch < 1 || position < 0 || step < 0) {
            throw new IllegalArgumentException(
                    "no cursor: epoch " + epoch + ", position " + position + ", step " + step);
        }
    }

    /** The cursor of this text; empty if it is none. */
    public static Optional<Cursor> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Cursor(
                Integer.parseInt(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3))));
    }

    @Override
    public String toString() {
        return epoch + "-" + position + "-" + step;
    }
}
