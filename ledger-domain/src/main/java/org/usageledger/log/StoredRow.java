package org.usageledger.log;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.AppUsageEvent;
import org.usageledger.event.Body;
import org.usageledger.event.Origin;
import org.usageledger.event.ServiceUsageEvent;
import org.usageledger.event.StoredForm;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Resource;

/**
 * An event's columns, all but those given under the lock (position and recording time).
 *
 * @param format version of the stored form of the body
 * @param exact whether its time is the true one should it open or close a run
 * @param memoryMb MB per instance; null for services
 */
public record StoredRow(
        Instant occurredAt,
        EventKind kind,
        int format,
        Origin origin,
        Effect effect,
        boolean exact,
        Optional<Resource> resource,
        @Nullable Integer instances,
        @Nullable Integer memoryMb,
        String guid,
        String state,
        @Nullable String previousState,
        @Nullable String organization,
        @Nullable String space,
        @Nullable String app,
        @Nullable String plan,
        Body body) {

    /** The stored form of today's bodies. */
    public static final int FORMAT = StoredForm.FORMAT;

    static StoredRow of(UsageEvent event, Origin origin, boolean exact) {
        return new StoredRow(
                // The database keeps microseconds; one way of writing would cut the rest off, another one round.
                event.occurredAt().truncatedTo(ChronoUnit.MICROS),
                event.kind(),
                FORMAT,
                origin,
                event.effect(),
                exact,
                event.resource(),
                event instanceof AppUsageEvent app ? (Integer) app.instances().currentOrZero() : null,
                event instanceof AppUsageEvent app ? (Integer) app.memory().currentOrZero() : null,
                event.guid(),
                event.state(),
                event.previousState(),
                event.organization().guid(),
                event.space().guid(),
                event instanceof AppUsageEvent app ? app.app().guid() : null,
                event instanceof ServiceUsageEvent service ? service.plan().guid() : null,
                event.body());
    }

    /** The same columns at another time. */
    StoredRow at(Instant time) {
        return new StoredRow(
                time,
                kind,
                format,
                origin,
                effect,
                exact,
                resource,
                instances,
                memoryMb,
                guid,
                state,
                previousState,
                organization,
                space,
                app,
                plan,
                body);
    }

    /** These columns in the database's binary copy form, so that nothing is left to encode under the lock. */
    EncodedColumns encode() {
        EncodedColumns.Builder columns = new EncodedColumns.Builder(body.length() + 512);
        columns.time(occurredAt)
                .int2(kind.code())
                .int2(format)
                .int2(origin.code())
                .int2(effect.code())
                .bool(exact);
        if (resource.isPresent()) {
            columns.int2(resource.get().kind().code());
        } else {
            columns.absent();
        }
        columns.int4(instances).int4(memoryMb);
        if (resource.isPresent()) {
            columns.int8(resource.get().hash());
        } else {
            columns.absent();
        }
        columns.text(guid)
                .text(state)
                .text(resource.map(Resource::key).orElse(null))
                .text(organization)
                .text(space)
                .text(app)
                .text(plan)
                .bytes(body.bytes());
        return columns.build();
    }
}
