package org.usageledger.api.cli;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** Speaks HTTP to one service. Every call has a deadline, every answer a limit. */
final class LedgerClient {
    private static final Duration CONNECTING = Duration.ofSeconds(5);
    /** A page of 5,000 events of the largest default size would be larger; real ones stay below a tenth. */
    private static final long LARGEST_ANSWER_BYTES = 64L << 20;

    private final URI base;
    private final Optional<String> token;
    private final HttpClient http;

    LedgerClient(URI base, Optional<String> token, SSLContext trust) {
        this.base = base;
        this.token = token;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECTING)
                .sslContext(trust)
                .build();
    }

    URI base() {
        return base;
    }

    Answer send(Call call) throws ServiceUnreachable, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request(call), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER_BYTES));
        try {
            HttpResponse<byte[]> response = answer.get(call.deadline().toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.headers(), new Bytes(response.body()));
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw ServiceUnreachable.timedOut(base, call.deadline(), e);
        } catch (ExecutionException e) {
            throw unreachable(call, e.getCause() == null ? e : e.getCause());
        }
    }

    private ServiceUnreachable unreachable(Call call, Throwable cause) {
        boolean late = cause instanceof HttpTimeoutException && !ServiceUnreachable.isConnecting(cause);
        return late
                ? ServiceUnreachable.timedOut(base, call.deadline(), cause)
                : ServiceUnreachable.because(base, cause);
    }

    private HttpRequest request(Call call) {
        String root = base.toString();
        String prefix = root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(prefix + call.path()))
                .method(
                        call.method(),
                        call.body().size() == 0
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(call.body().array()))
                .timeout(call.deadline());
        call.headers().forEach(builder::header);
        token.ifPresent(secret -> builder.header("Authorization", "Bearer " + secret));
        return builder.build();
    }
}
