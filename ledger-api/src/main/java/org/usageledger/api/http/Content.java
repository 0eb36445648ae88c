package org.usageledger.api.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.micronaut.core.propagation.PropagatedContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The body of an answer: bytes that are there, or a source that writes them as the reader takes them. */
public final class Content {
    private static final JsonFactory JSON = new JsonFactory();

    private final byte[] bytes;
    private final @Nullable Source source;
    private final PropagatedContext request;

    private Content(byte[] bytes, @Nullable Source source, PropagatedContext request) {
        this.bytes = bytes;
        this.source = source;
        this.request = request;
    }

    /** Writes a body piece by piece; each write waits until the reader has room. */
    @FunctionalInterface
    public interface Source {
        /** Anything thrown cuts the body short, so that the reader knows it is not whole. */
        void writeTo(OutputStream out) throws IOException;

        /** Called at the end, also where nothing was ever written; may be called twice. */
        default void close() {}
    }

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface JsonWriter {
        void write(JsonGenerator json) throws IOException;
    }

    /** Takes the bytes over. */
    public static Content of(byte[] bytes) {
        return new Content(bytes, null, PropagatedContext.empty());
    }

    public static Content json(JsonWriter writer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            writer.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON into memory", e);
        }
        return of(out.toByteArray());
    }

    /** Of any length, in memory that does not grow with it. To be made on the request's thread, whose trace its writing belongs to. */
    public static Content streamed(Source source) {
        return new Content(new byte[0], source, PropagatedContext.getOrEmpty());
    }

    /** Where it is not going to be written. */
    void close() {
        if (source != null) {
            source.close();
        }
    }

    byte[] bytes() {
        return bytes;
    }

    /** What belongs to the request that this answers. */
    PropagatedContext request() {
        return request;
    }

    @Nullable
    Source source() {
        return source;
    }
}
