package org.usageledger.api.events;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.usageledger.log.DescribedEvent;
import org.usageledger.log.LoggedEvent;

/** Events as CloudEvents: the event's own JSON as data, what the ledger adds as attributes. */
final class CloudEventText {
    private CloudEventText() {}

    /** Every attribute but the data's content type, which the modes say in different places. All are strings: a position has 64 bits. */
    static Map<String, String> attributes(DescribedEvent described) {
        LoggedEvent event = described.event();
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("specversion", CloudEvents.VERSION);
        attributes.put("id", CloudEvents.id(described));
        attributes.put("source", CloudEvents.source(described));
        attributes.put("type", CloudEvents.type(described));
        CloudEvents.subject(described).ifPresent(subject -> attributes.put("subject", subject));
        attributes.put("time", described.occurredAt().toString());
        attributes.put("ledgerposition", String.valueOf(event.position()));
        attributes.put("ledgerorigin", event.origin().label());
        attributes.put("ledgerrecordedat", event.recordedAt().toString());
        described.sender().ifPresent(sender -> {
            attributes.put("sendersource", sender.source());
            attributes.put("senderid", sender.id());
        });
        return attributes;
    }

    static void write(JsonGenerator json, DescribedEvent described) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, String> attribute : attributes(described).entrySet()) {
            json.writeStringField(attribute.getKey(), attribute.getValue());
        }
        json.writeStringField("datacontenttype", "application/json");
        json.writeFieldName("data");
        json.writeRawValue(new SerializedString(described.event().body().toString()));
        json.writeEndObject();
    }
}
