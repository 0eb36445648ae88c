package org.usageledger.api.events;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.usageledger.api.http.Accepted;
import org.usageledger.api.http.Accepts;
import org.usageledger.api.http.BodyRefused;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.api.http.RequestBody;
import org.usageledger.log.AppendRequest.OnConflict;
import org.usageledger.log.LogReader;
import org.usageledger.recording.Recorder;

/** Events in. */
@Controller("/v1/events")
@ExecuteOn(TaskExecutors.BLOCKING)
final class AppendController {
    /** By then some of the requests that hold the memory have their answers. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Recorder recorder;
    private final LogReader log;
    private final IngestLimits limits;
    private final AppendMemory memory;
    private final EventDecoder decoder;
    private final CloudEventDecoder cloudDecoder;

    AppendController(Recorder recorder, LogReader log, IngestLimits limits, AppendMemory memory) {
        this.recorder = recorder;
        this.log = log;
        this.limits = limits;
        this.memory = memory;
        this.decoder = new EventDecoder(limits);
        this.cloudDecoder = new CloudEventDecoder(limits);
    }

    @Post
    @Consumes(MediaType.ALL)
    @Accepts("on_conflict")
    HttpResponse<Content> append(HttpRequest<?> request) throws IOException, InterruptedException {
        Query query = Query.of(request);
        OnConflict onConflict = query.choice("on_conflict", List.of("refuse", "skip"), name -> name)
                .filter("skip"::equals)
                .map(_ -> OnConflict.SKIP_EVENT)
                .orElse(OnConflict.REFUSE_REQUEST);
        Optional<Problem> refusal = query.refusal();
        if (refusal.isPresent()) {
            return refusal.get().answer();
        }
        Optional<AppendMemory.Share> share = memory.take(request);
        if (share.isEmpty()) {
            return AppendAnswer.overloaded(RETRY_AFTER).answer();
        }
        try (AppendMemory.Share _ = share.get()) {
            return take(request, onConflict);
        }
    }

    private HttpResponse<Content> take(HttpRequest<?> request, OnConflict onConflict) throws IOException {
        return switch (decode(request)) {
            case Decoding.Refused refused -> refused.problem().answer();
            case Decoding.Malformed malformed ->
                AppendAnswer.malformed(malformed).answer();
            case Decoding.Events decoded -> record(decoded, onConflict, wantsMinimal(request));
        };
    }

    private HttpResponse<Content> record(Decoding.Events decoded, OnConflict onConflict, boolean minimal) {
        AppendAnswer answer = new AppendAnswer(decoded.events(), minimal);
        return decoded.events().isEmpty()
                ? answer.nothing(log.horizon().cursor())
                : answer.of(recorder.record(decoded.events(), decoded.senders(), onConflict));
    }

    private Decoding decode(HttpRequest<?> request) throws IOException {
        String type = request.getContentType().map(MediaType::getName).orElse("");
        boolean marked = CloudHeaders.mark(request.getHeaders());
        try (InputStream body = RequestBody.open(request, limits.requestBytes(), limits.arrival())) {
            return switch (type) {
                case CloudEvents.STRUCTURED_TYPE -> cloudDecoder.structured(body);
                case CloudEvents.BATCH_TYPE -> cloudDecoder.batch(body);
                // Whose attributes they would be cannot be told.
                case Accepted.NDJSON_TYPE -> marked ? unknownType() : decoder.ndjson(body);
                default -> {
                    if (marked && CloudEvents.isJson(type)) {
                        yield cloudDecoder.binary(request.getHeaders(), body);
                    }
                    yield type.equals(MediaType.APPLICATION_JSON) ? decoder.json(body) : unknownType();
                }
            };
        } catch (BodyRefused e) {
            return new Decoding.Refused(e.problem());
        }
    }

    private static Decoding unknownType() {
        return new Decoding.Refused(Problem.of(
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                "Events are taken as application/json {\"events\":[…]}, as " + Accepted.NDJSON_TYPE
                        + ", one a line and without the header ce-specversion, and as CloudEvents: "
                        + CloudEvents.STRUCTURED_TYPE + ", "
                        + CloudEvents.BATCH_TYPE
                        + ", or JSON with the header ce-specversion. Say so in Content-Type."));
    }

    private static boolean wantsMinimal(HttpRequest<?> request) {
        return request.getHeaders().getAll("Prefer").stream()
                .anyMatch(prefer -> prefer.replace(" ", "").contains("return=minimal"));
    }
}
