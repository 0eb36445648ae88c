package org.usageledger.log;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.ContentHash;
import org.usageledger.event.EventIdentity;
import org.usageledger.event.Exactness;
import org.usageledger.event.Origin;
import org.usageledger.event.Sender;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

/** An event on its way into the log. Everything that can be computed before the counter is locked has been. */
public final class NewEvent {
    private final EventIdentity identity;
    private final ContentHash content;
    private final boolean onlyIntoOpenRun;
    private final StoredRow row;
    private final EncodedColumns columns;
    private final EncodedColumns identityColumns;
    private final @Nullable Sender sender;

    private NewEvent(EventIdentity identity, ContentHash content, boolean onlyIntoOpenRun, StoredRow row) {
        this.identity = identity;
        this.content = content;
        this.onlyIntoOpenRun = onlyIntoOpenRun;
        this.row = row;
        this.columns = row.encode();
        this.identityColumns = new EncodedColumns.Builder(64)
                .uuid(identity.value())
                .bytes(content.bytes())
                .build();
        this.sender = null;
    }

    private NewEvent(NewEvent event, @Nullable Sender sender) {
        this.identity = event.identity;
        this.content = event.content;
        this.onlyIntoOpenRun = event.onlyIntoOpenRun;
        this.row = event.row;
        this.columns = event.columns;
        this.identityColumns = event.identityColumns;
        this.sender = sender;
    }

    /** The same event, as its sender knows it. */
    public NewEvent sentBy(@Nullable Sender sender) {
        return sender == null ? this : new NewEvent(this, sender);
    }

    /** If it came as a CloudEvent. */
    public @Nullable Sender sender() {
        return sender;
    }

    /** An event that is recorded wherever it comes. */
    public static NewEvent of(UsageEvent event, Origin origin) {
        return encode(event, origin, false);
    }

    /** An event that the platform sent: recorded wherever it comes, unless it is a task's stop, which has its rule. */
    public static NewEvent ofPlatform(UsageEvent event) {
        return encode(event, Origin.PLATFORM, isTaskStop(event));
    }

    private static boolean isTaskStop(UsageEvent event) {
        return event.effect() == Effect.ENDS
                && event.resource()
                        .filter(resource -> resource.kind() == ResourceKind.TASK)
                        .isPresent();
    }

    /** An event that is suppressed where its resource has no open run at that place: the rule of task stops. */
    public static NewEvent onlyIntoOpenRun(UsageEvent event, Origin origin) {
        return encode(event, origin, true);
    }

    /** A suppressed event read back, now to be recorded after all. */
    static NewEvent released(EventIdentity identity, ContentHash content, StoredRow row) {
        return new NewEvent(identity, content, true, row);
    }

    private static NewEvent encode(UsageEvent event, Origin origin, boolean onlyIntoOpenRun) {
        return new NewEvent(
                EventIdentity.of(event),
                ContentHash.of(event),
                onlyIntoOpenRun,
                StoredRow.of(event, origin, Exactness.of(event, origin)));
    }

    public EventIdentity identity() {
        return identity;
    }

    public ContentHash content() {
        return content;
    }

    public boolean onlyIntoOpenRun() {
        return onlyIntoOpenRun;
    }

    public Optional<Resource> resource() {
        return row.resource();
    }

    public Effect effect() {
        return row.effect();
    }

    public Instant occurredAt() {
        return row.occurredAt();
    }

    /** Its columns, all but those given under the lock. */
    public StoredRow row() {
        return row;
    }

    EncodedColumns columns() {
        return columns;
    }

    EncodedColumns identityColumns() {
        return identityColumns;
    }

    /** In the order of the copy statement of events that have senders. */
    EncodedColumns senderColumns() {
        return sender == null
                ? EncodedColumns.NO_SENDER
                : new EncodedColumns.Builder(128)
                        .text(sender.source())
                        .text(sender.id())
                        .build();
    }

    /** Size in bytes of what is stored. */
    long bytes() {
        return columns.length()
                + (long) identityColumns.length()
                + senderColumns().length();
    }

    @Override
    public String toString() {
        return row.kind().label() + " event " + row.guid() + " " + row.state();
    }
}
