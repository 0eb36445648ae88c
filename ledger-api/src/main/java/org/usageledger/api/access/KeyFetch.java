package org.usageledger.api.access;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the issuer for its keys, once each time it is called. Follows nobody elsewhere. */
final class KeyFetch implements JWKSetSource<SecurityContext> {
    /** From connecting to the last byte. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final Duration CONNECTING = Duration.ofSeconds(2);

    /** Of a set; that of a UAA with ten keys has a tenth. */
    private static final int SET_BYTES = 256 << 10;

    /** A token without a key's id is tried with each. */
    private static final int KEYS = 64;

    private static final int SMALLEST_RSA_BITS = 2048;

    private static final Logger LOG = LoggerFactory.getLogger(KeyFetch.class);

    private final URI address;
    private final HttpClient http;
    private volatile boolean failing = true;
    private boolean outageTold;

    KeyFetch(URI address, SSLContext trust) {
        this.address = address;
        http = HttpClient.newBuilder()
                .connectTimeout(CONNECTING)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(trust)
                .build();
    }

    /** Whether the issuer gave no keys when it was asked last, or was never asked. */
    boolean isFailing() {
        return failing;
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, @Nullable SecurityContext context)
            throws JWKSetUnavailableException {
        try {
            JWKSet set = fit(JWKSet.parse(fetched()));
            told(null);
            return set;
        } catch (IOException | ParseException | TimeoutException e) {
            told(e);
            throw new JWKSetUnavailableException("fetching the keys of the issuer from " + address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JWKSetUnavailableException("interrupted while fetching keys from " + address, e);
        }
    }

    /** An outage is told when it begins and when it ends: it must not fill the log. */
    private synchronized void told(@Nullable Exception failure) {
        failing = failure != null;
        if (failure != null && !outageTold) {
            LOG.warn("the keys of the issuer cannot be fetched from {}: {}", address, failure.toString());
        } else if (failure == null && outageTold) {
            LOG.info("the keys of the issuer are fetched again from {}", address);
        }
        outageTold = failing;
    }

    private String fetched() throws IOException, TimeoutException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Accept", "application/jwk-set+json, application/json")
                .timeout(DEADLINE)
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), SET_BYTES));
        try {
            HttpResponse<byte[]> response = answer.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("the issuer answered " + response.statusCode());
            }
            return new String(response.body(), StandardCharsets.UTF_8);
        } catch (ExecutionException e) {
            throw new IOException("no answer: " + e.getCause(), e);
        } finally {
            answer.cancel(true);
        }
    }

    private static JWKSet fit(JWKSet published) throws IOException {
        List<JWK> keys = published.getKeys().stream()
                .filter(KeyFetch::verifies)
                .map(JWK::toPublicJWK)
                .toList();
        if (keys.isEmpty() || keys.size() > KEYS) {
            throw new IOException("the issuer published " + keys.size() + " keys that verify signatures; 1 to " + KEYS
                    + " are taken");
        }
        return new JWKSet(keys);
    }

    private static boolean verifies(JWK key) {
        return key instanceof ECKey || (key instanceof RSAKey rsa && rsa.size() >= SMALLEST_RSA_BITS);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
