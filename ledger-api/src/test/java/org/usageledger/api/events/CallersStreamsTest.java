package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.api.access.AccessSettings;
import org.usageledger.api.access.TestIssuer;
import org.usageledger.api.http.StreamObserver;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogReader;
import org.usageledger.log.ReadFilter;
import org.usageledger.log.Start;
import org.usageledger.log.Tail;
import org.usageledger.postgres.testing.Await;

class CallersStreamsTest {
    private static final Optional<String> ONE = Optional.of("one");

    private static CallersStreams full() {
        CallersStreams streams = new CallersStreams();
        for (int i = 0; i < CallersStreams.MOST; i++) {
            assertThat(streams.isFull(ONE)).isFalse();
            assertThat(streams.take(ONE)).isTrue();
        }
        return streams;
    }

    @Test
    void no_caller_takes_the_places_of_the_others() {
        CallersStreams streams = full();

        assertThat(streams.isFull(ONE)).isTrue();
        assertThat(streams.take(ONE)).isFalse();
        assertThat(streams.take(Optional.of("another"))).isTrue();
        streams.giveBack(ONE);
        assertThat(streams.take(ONE)).isTrue();
    }

    @Test
    void where_nobody_says_who_they_are_there_is_no_bound_but_that_of_all() {
        CallersStreams streams = new CallersStreams();
        for (int i = 0; i <= CallersStreams.MOST; i++) {
            assertThat(streams.take(Optional.empty())).isTrue();
        }
    }

    @Test
    @Timeout(90)
    void whose_places_are_gone_by_the_time_its_stream_begins_is_told_so_in_the_stream() throws IOException {
        try (LiveService ledger = LiveService.start();
                HeadWatch watch = new HeadWatch(ledger.readers(), Duration.ofMillis(50));
                Tail tail = new Tail(new LogReader(ledger.readers(), watch), watch)) {
            CatchUp catchUp = new CatchUp(new LogReader(ledger.readers(), watch));
            FollowedLog log = new FollowedLog(tail, catchUp, full(), FollowedEvents.Pace.USUAL, StreamObserver.NONE);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new FollowedEvents(log, ONE, ReadFilter.ALL, new Start.Oldest()).writeTo(out);

            assertThat(out.toString(StandardCharsets.UTF_8)).contains("event: problem", "streams-taken");
            assertThat(tail.followers()).isZero();
        }
    }

    @Test
    @Timeout(120)
    void one_token_follows_so_often_and_is_refused_then() throws Exception {
        try (TestIssuer issuer = new TestIssuer();
                LiveService ledger = LiveService.start(
                        settings -> settings.with(new AccessSettings(issuer.settings(), Optional.empty())))) {
            String bearer = "Bearer " + issuer.token("usage_ledger.read");
            List<HttpResponse<InputStream>> streams = new ArrayList<>();
            try {
                for (int i = 0; i < CallersStreams.MOST; i++) {
                    streams.add(ledger.client()
                            .send(
                                    ledger.request("/v1/events/stream", "Authorization", bearer)
                                            .build(),
                                    BodyHandlers.ofInputStream()));
                }
                Await.untilTrue(
                        Duration.ofSeconds(60),
                        () -> "fewer follow",
                        () -> ledger.get("/prometheus", "Authorization", bearer)
                                .text()
                                .contains("\nledger_followers " + CallersStreams.MOST + ".0\n"));
                Answer refused = ledger.get("/v1/events/stream", "Authorization", bearer);

                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.problem()).isEqualTo("streams-taken");
            } finally {
                for (HttpResponse<InputStream> stream : streams) {
                    stream.body().close();
                }
            }
        }
    }
}
