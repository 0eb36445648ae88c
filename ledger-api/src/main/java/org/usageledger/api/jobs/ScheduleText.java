package org.usageledger.api.jobs;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.usageledger.jobs.schedule.Schedule;
import org.usageledger.jobs.schedule.ScheduleView;

/** Writes schedules as operators read them. */
final class ScheduleText {
    private ScheduleText() {}

    static void write(JsonGenerator json, ScheduleView view) throws IOException {
        Schedule schedule = view.schedule();
        json.writeStartObject();
        json.writeStringField("job", schedule.job());
        json.writeStringField("cron", schedule.cron());
        json.writeStringField("time_zone", schedule.timeZone());
        json.writeObjectFieldStart("parameters");
        for (Map.Entry<String, String> parameter : schedule.parameters().entrySet()) {
            json.writeStringField(parameter.getKey(), parameter.getValue());
        }
        json.writeEndObject();
        json.writeBooleanField("enabled", schedule.enabled());
        json.writeStringField("changed_at", schedule.changedAt().toString());
        json.writeStringField("changed_by", schedule.changedBy());
        writeTime(json, "first_due", view.firstDue());
        writeTime(json, "next_due", view.nextDue());
        writeTime(json, "waiting_since", view.waiting());
        writeTime(json, "last_due", schedule.lastDue());
        json.writeStringField(
                "last_execution", schedule.lastExecution().map(UUID::toString).orElse(null));
        json.writeStringField("problem", view.problem().orElse(null));
        json.writeEndObject();
    }

    private static void writeTime(JsonGenerator json, String name, Optional<Instant> time) throws IOException {
        json.writeStringField(name, time.map(Instant::toString).orElse(null));
    }
}
