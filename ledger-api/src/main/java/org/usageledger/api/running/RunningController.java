package org.usageledger.api.running;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.http.Accepted;
import org.usageledger.api.http.Accepts;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.Cursor;
import org.usageledger.running.GroupBy;
import org.usageledger.running.PageToken;
import org.usageledger.running.RunningFilter;
import org.usageledger.running.RunningQuery;

/** What runs now: page by page, all at once, or counted. */
@Controller("/v1/running")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RunningController {
    private static final int DEFAULT_LIMIT = 1000;
    private static final List<ResourceKind> KINDS =
            List.of(ResourceKind.PROCESS, ResourceKind.TASK, ResourceKind.SERVICE_INSTANCE);

    static final Problem STREAMS_TAKEN = Problem.of(
                    ProblemType.STREAMS_TAKEN,
                    "As many streams of what runs are being read as may be, each on a connection to the database of its own."
                            + " Ask again after the time in Retry-After, or read it by pages, as application/json.")
            .retryAfter(Duration.ofSeconds(2));

    private final RunningQuery running;
    private final NotBefore notBefore;

    RunningController(RunningQuery running, NotBefore notBefore) {
        this.running = running;
        this.notBefore = notBefore;
    }

    @Get
    @Produces({MediaType.APPLICATION_JSON, Accepted.NDJSON_TYPE, Problem.MEDIA_TYPE})
    @Accepts({"kind", "organization", "space", "app", "after", "limit", "not_before"})
    HttpResponse<Content> running(HttpRequest<?> request) throws InterruptedException {
        Query query = Query.of(request);
        RunningFilter filter = new RunningFilter(
                query.choice("kind", KINDS, ResourceKind::label).orElse(null),
                query.text("organization").orElse(null),
                query.text("space").orElse(null),
                query.text("app").orElse(null));
        PageToken after = after(query);
        int limit = query.integer("limit", DEFAULT_LIMIT, 1, RunningQuery.PAGE_LIMIT);
        Optional<Accepted> form = Accepted.by(request);
        if (form.filter(Accepted.NDJSON::equals).isPresent()) {
            Accepted.refuseOnStream(query, "after");
            Accepted.refuseOnStream(query, "limit");
        }
        Optional<Problem> refusal = refusal(query, form);
        if (refusal.isPresent()) {
            return refusal.get().answer();
        }
        if (form.orElseThrow() == Accepted.NDJSON) {
            return notBefore.answer(
                    query, RunningQuery.Use.STREAM, moment -> RunningAnswer.stream(running.open(moment, filter)));
        }
        Optional<Cursor> walk =
                Optional.ofNullable(after).map(token -> token.asOf().cursor());
        return notBefore.answer(query, RunningQuery.Use.PAGE, walk, moment -> {
            try (moment) {
                return RunningAnswer.page(running.page(moment, filter, after, limit));
            }
        });
    }

    @Get("/summary")
    @Accepts({"group_by", "not_before"})
    HttpResponse<Content> summary(HttpRequest<?> request) throws InterruptedException {
        Query query = Query.of(request);
        GroupBy by = query.choice("group_by", List.of(GroupBy.values()), RunningController::name)
                .orElse(GroupBy.KIND);
        Optional<Problem> refusal = refusal(query, Optional.of(Accepted.JSON));
        if (refusal.isPresent()) {
            return refusal.get().answer();
        }
        return notBefore.answer(query, RunningQuery.Use.PAGE, moment -> {
            try (moment) {
                return RunningAnswer.summary(name(by), running.summary(moment, by));
            }
        });
    }

    private static Optional<Problem> refusal(Query query, Optional<Accepted> form) {
        if (query.refusal().isPresent()) {
            return query.refusal();
        }
        return form.isEmpty() ? Optional.of(Accepted.refusal()) : Optional.empty();
    }

    private static @Nullable PageToken after(Query query) {
        Optional<String> text = query.text("after");
        Optional<PageToken> token = text.flatMap(PageToken::parse).filter(parsed -> Query.isStorable(parsed.guid()));
        if (text.isPresent() && token.isEmpty()) {
            query.refuse("after", "is no place in a walk over pages; send the \"next\" of the page before unchanged");
        }
        return token.orElse(null);
    }

    private static String name(GroupBy by) {
        return by.name().toLowerCase(Locale.ROOT);
    }
}
