package org.usageledger.api.running;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.usageledger.running.AsOf;
import org.usageledger.running.RunningResource;

/** Writes what runs as readers get it. */
final class RunningText {
    private RunningText() {}

    static void write(RunningResource resource, OutputStream out) throws IOException {
        utf8(out, "{\"kind\":\"" + resource.kind().label() + "\",\"guid\":" + quoted(resource.guid()));
        utf8(out, ",\"since\":\"" + resource.since() + "\",\"since_exact\":" + resource.sinceExact());
        utf8(out, ",\"instances\":" + resource.instances() + ",\"memory_mb\":" + resource.memoryMb());
        BodyParts.write(resource.latestBody(), out);
        utf8(out, ",\"first_position\":" + resource.firstPosition());
        utf8(out, ",\"latest_position\":" + resource.latestPosition() + "}");
    }

    /** {@code "as_of":{…}}. */
    static void write(AsOf asOf, OutputStream out) throws IOException {
        utf8(out, "\"as_of\":{\"cursor\":\"" + asOf.cursor() + "\",\"time\":\"" + asOf.time() + "\"}");
    }

    static void utf8(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String text) {
        return "\"" + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    }
}
