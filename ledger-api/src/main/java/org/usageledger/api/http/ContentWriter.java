package org.usageledger.api.http;

import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.body.ResponseBodyWriter;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.OptionalLong;

/** Hands bodies to the server as they are, past every codec. */
@Singleton
final class ContentWriter implements ResponseBodyWriter<Content> {

    @Override
    public CloseableByteBody writePiece(
            ByteBodyFactory bodies,
            HttpRequest<?> request,
            HttpResponse<?> response,
            Argument<Content> type,
            MediaType mediaType,
            Content content) {
        Content.Source source = content.source();
        return source == null
                ? bodies.adapt(content.bytes())
                : bodies.adapt(new BodyPump(source, bodies.readBufferFactory()), OptionalLong.empty());
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
