package org.usageledger.api.foundation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.usageledger.api.foundation.Occurrence.OfApp;
import org.usageledger.api.foundation.Occurrence.OfService;

/** Occurrences as Cloud Controller's V3 interface serves them, with the kind beside. */
public final class EventJson {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final String API = "https://api.example.org/v3/";

    private EventJson() {}

    /** One event, UTF-8, without a line end. */
    public static byte[] of(Occurrence occurrence) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            opening(json, occurrence);
            switch (occurrence) {
                case OfApp app -> app(json, app);
                case OfService service -> service(json, service);
            }
            closing(json, occurrence);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing an event into memory", e);
        }
        return out.toByteArray();
    }

    private static void opening(JsonGenerator json, Occurrence occurrence) throws IOException {
        String at = occurrence.occasion().at().toString();
        json.writeStringField("kind", occurrence.kind().label());
        json.writeStringField("guid", occurrence.occasion().guid());
        json.writeStringField("created_at", at);
        json.writeStringField("updated_at", at);
    }

    private static void app(JsonGenerator json, OfApp event) throws IOException {
        json.writeObjectFieldStart("state");
        json.writeStringField("current", event.transition().state());
        json.writeStringField("previous", event.transition().previous());
        json.writeEndObject();
        reference(json, "app", event.app());
        json.writeObjectFieldStart("process");
        json.writeStringField("guid", event.subject().process().guid());
        json.writeStringField("type", event.subject().process().name());
        json.writeEndObject();
        place(json, event.occasion().place());
        reference(json, "buildpack", event.subject().buildpack());
        reference(json, "task", event.subject().task());
        Size now = event.sizing().now();
        Size before = event.sizing().before();
        change(json, "memory_in_mb_per_instance", now.memoryMb(), before.memoryMb());
        change(json, "instance_count", now.instances(), before.instances());
    }

    private static void service(JsonGenerator json, OfService event) throws IOException {
        json.writeStringField("state", event.state());
        place(json, event.occasion().place());
        json.writeObjectFieldStart("service_instance");
        json.writeStringField("guid", event.instance().ref().guid());
        json.writeStringField("name", event.instance().ref().name());
        json.writeStringField("type", event.instance().type());
        json.writeEndObject();
        reference(json, "service_plan", event.instance().plan());
        reference(json, "service_offering", event.instance().offering());
        reference(json, "service_broker", event.instance().broker());
    }

    private static void closing(JsonGenerator json, Occurrence occurrence) throws IOException {
        json.writeObjectFieldStart("links");
        json.writeObjectFieldStart("self");
        json.writeStringField(
                "href",
                API + occurrence.kind().label() + "_usage_events/"
                        + occurrence.occasion().guid());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void place(JsonGenerator json, Place place) throws IOException {
        reference(json, "space", place.space());
        json.writeObjectFieldStart("organization");
        json.writeStringField("guid", place.organization().guid());
        json.writeEndObject();
    }

    private static void reference(JsonGenerator json, String field, Ref ref) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("guid", ref.guid());
        json.writeStringField("name", ref.name());
        json.writeEndObject();
    }

    private static void change(JsonGenerator json, String field, int now, int before) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeNumberField("current", now);
        json.writeNumberField("previous", before);
        json.writeEndObject();
    }
}
