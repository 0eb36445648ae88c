package org.usageledger.api.events;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.log.DescribedEvent;

/** What the CloudEvents 1.0 faces share: media types, the names of types, and how the ledger names itself and its events. */
final class CloudEvents {
    static final String VERSION = "1.0";
    static final String STRUCTURED_TYPE = "application/cloudevents+json";
    static final String BATCH_TYPE = "application/cloudevents-batch+json";

    /** What the headers of binary mode begin with. */
    static final String HEADER_PREFIX = "ce-";

    private static final int UNSHOWN = 0xfffd;
    private static final String TYPE_PREFIX = "org.usageledger.";
    private static final Pattern JSON_TYPE = Pattern.compile("[^/;\\s]+/([^/;\\s]+\\+)?json\\s*(;.*)?");

    private CloudEvents() {}

    /** Such as {@code org.usageledger.app.task_started}: the stream and the state, as the platform names them. */
    static String type(DescribedEvent event) {
        return TYPE_PREFIX + event.event().kind().label() + "."
                + text(event.state().toLowerCase(Locale.ROOT));
    }

    /** The stream that a type of ours names; null for types of others, which say nothing of it. */
    static @Nullable EventKind kindOf(String type) {
        for (EventKind kind : EventKind.values()) {
            if (type.startsWith(TYPE_PREFIX + kind.label() + ".")) {
                return kind;
            }
        }
        return null;
    }

    /** The ledger, wherever it lives. */
    static String source(DescribedEvent event) {
        return "urn:usage-ledger:log:" + event.ledger();
    }

    /** Stays the same for ever, also where a later history gives the position to another event. */
    static String id(DescribedEvent event) {
        return event.epoch() + "-" + event.event().position();
    }

    /** What the event is about; empty for events of no resource's run. */
    static Optional<String> subject(DescribedEvent event) {
        return event.resource().map(resource -> resource.kind().label() + "/" + text(resource.key()));
    }

    /** Whether an attribute may hold a text: it has no control character and nothing that is no character at all. */
    static boolean isText(String text) {
        return text.codePoints().allMatch(CloudEvents::isAllowed);
    }

    private static boolean isAllowed(int codePoint) {
        boolean control = Character.isISOControl(codePoint);
        boolean nothing = (codePoint & 0xfffe) == 0xfffe || (codePoint >= 0xfdd0 && codePoint <= 0xfdef);
        boolean half = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        return !control && !nothing && !half;
    }

    /** What a platform wrote, as an attribute may hold it: what may not stand there is shown as a character that could not be shown. */
    private static String text(String written) {
        return isText(written)
                ? written
                : written.codePoints()
                        .map(each -> isAllowed(each) ? each : UNSHOWN)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    /** Whether what has this media type is JSON. */
    static boolean isJson(String mediaType) {
        return JSON_TYPE.matcher(mediaType.strip().toLowerCase(Locale.ROOT)).matches();
    }
}
