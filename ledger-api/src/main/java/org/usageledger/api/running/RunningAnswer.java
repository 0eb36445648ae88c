package org.usageledger.api.running;

import io.micronaut.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.Content;
import org.usageledger.running.AsOf;
import org.usageledger.running.PageToken;
import org.usageledger.running.RunningPage;
import org.usageledger.running.RunningResource;
import org.usageledger.running.RunningSnapshot;
import org.usageledger.running.Summary;

/** What runs, as the reader gets it. */
final class RunningAnswer {
    private static final int EXPECTED_RESOURCE_BYTES = 1024;

    private RunningAnswer() {}

    static HttpResponse<Content> page(RunningPage page) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(
                EXPECTED_RESOURCE_BYTES * (page.running().size() + 1));
        try {
            RunningText.utf8(out, "{");
            RunningText.write(page.asOf(), out);
            RunningText.utf8(out, ",\"running\":[");
            for (int i = 0; i < page.running().size(); i++) {
                RunningText.utf8(out, i > 0 ? "," : "");
                RunningText.write(page.running().get(i), out);
            }
            PageToken next = page.next();
            RunningText.utf8(out, "],\"next\":" + (next == null ? "null" : "\"" + next + "\"") + "}");
        } catch (IOException e) {
            throw new UncheckedIOException("writing what runs into memory", e);
        }
        return Answers.json(Content.of(out.toByteArray()));
    }

    /** One resource a line, all of one snapshot, which the headers name. */
    static HttpResponse<Content> stream(RunningSnapshot snapshot) {
        AsOf asOf = snapshot.asOf();
        return Answers.lines(new Content.Source() {
                    @Override
                    public void writeTo(OutputStream out) throws IOException {
                        List<RunningResource> chunk = snapshot.nextChunk();
                        while (!chunk.isEmpty()) {
                            for (RunningResource resource : chunk) {
                                RunningText.write(resource, out);
                                out.write('\n');
                            }
                            chunk = snapshot.nextChunk();
                        }
                    }

                    @Override
                    public void close() {
                        snapshot.close();
                    }
                })
                .header("Ledger-As-Of", asOf.cursor().toString())
                .header("Ledger-As-Of-Time", asOf.time().toString());
    }

    static HttpResponse<Content> summary(String by, Summary summary) {
        return Answers.json(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("as_of");
            json.writeStringField("cursor", summary.asOf().cursor().toString());
            json.writeStringField("time", summary.asOf().time().toString());
            json.writeEndObject();
            json.writeStringField("group_by", by);
            json.writeArrayFieldStart("summary");
            for (Summary.Group group : summary.groups()) {
                json.writeStartObject();
                json.writeStringField(by, group.key());
                json.writeNumberField("resources", group.resources());
                json.writeNumberField("instances", group.instances());
                json.writeNumberField("memory_mb", group.memoryMb());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
