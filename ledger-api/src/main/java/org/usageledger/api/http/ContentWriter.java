package org.usageledger.api.http;

import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.body.ResponseBodyWriter;
import io.micronaut.http.body.stream.BodySizeLimits;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Hands bodies to the server as they are, past every codec. */
@Singleton
final class ContentWriter implements ResponseBodyWriter<Content> {
    private final StreamObserver observer;

    ContentWriter(StreamObserver observer) {
        this.observer = observer;
    }

    @Override
    public CloseableByteBody writePiece(
            ByteBodyFactory bodies,
            HttpRequest<?> request,
            HttpResponse<?> response,
            Argument<Content> type,
            MediaType mediaType,
            Content content) {
        Content.Source source = content.source();
        if (source == null) {
            return bodies.adapt(content.bytes());
        }
        BodyPump pump = new BodyPump(source, bodies.readBufferFactory(), observer, content.request());
        return bodies.adapt(pump, BodySizeLimits.UNLIMITED, null, pump::cancel);
    }

    @Override
    public void writeTo(
            Argument<Content> type, MediaType mediaType, Content content, MutableHeaders headers, OutputStream out) {
        try {
            Content.Source source = content.source();
            if (source == null) {
                out.write(content.bytes());
            } else {
                source.writeTo(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing an answer's body", e);
        }
    }
}
