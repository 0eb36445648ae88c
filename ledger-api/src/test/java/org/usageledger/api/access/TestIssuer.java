package org.usageledger.api.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.usageledger.api.access.AccessSettings.Authentication;
import org.usageledger.api.tls.TestCertificate;

/** An issuer of tokens: publishes keys, signs, and misbehaves when it is told to. */
public final class TestIssuer implements AutoCloseable {
    public static final String ISSUER = "https://uaa.example/oauth/token";
    public static final String AUDIENCE = "usage_ledger";

    private final HttpServer server;
    private final boolean secure;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Reply reply;
    private volatile RSAKey current;

    /** What is answered to whoever asks for keys. */
    @FunctionalInterface
    interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    public TestIssuer() {
        this(Optional.empty());
    }

    private TestIssuer(Optional<SSLContext> identity) {
        try {
            server = listening(identity);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        secure = identity.isPresent();
        current = newKey("key-1");
        reply = publishing(current);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** One that speaks HTTPS. */
    static TestIssuer showing(TestCertificate shown) throws GeneralSecurityException, IOException {
        return new TestIssuer(Optional.of(shown.identity()));
    }

    private static HttpServer listening(Optional<SSLContext> identity) throws IOException {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (identity.isEmpty()) {
            return HttpServer.create(anywhere, 0);
        }
        HttpsServer https = HttpsServer.create(anywhere, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(identity.get()));
        return https;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.incrementAndGet();
            reply.to(exchange);
        }
    }

    static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public Authentication.Jwt settings() {
        return new Authentication.Jwt(address(), ISSUER, Set.of(AUDIENCE), Optional.empty());
    }

    public URI address() {
        return URI.create((secure ? "https" : "http") + "://127.0.0.1:"
                + server.getAddress().getPort() + "/token_keys");
    }

    RSAKey key() {
        return current;
    }

    int timesAsked() {
        return asked.get();
    }

    /** Signs with another key from now on and publishes it beside those given. */
    void rotateTo(RSAKey next, JWK... beside) {
        JWK[] all = Arrays.copyOf(beside, beside.length + 1);
        all[beside.length] = next;
        current = next;
        reply = publishing(all);
    }

    void answersWith(Reply instead) {
        reply = instead;
    }

    static Reply publishing(JWK... keys) {
        return text(200, new JWKSet(List.of(keys)).toString(true));
    }

    static Reply text(int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** Begins to answer and never ends. */
    Reply stuck() {
        return exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                closing.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** Claims that are all in order. */
    static JWTClaimsSet.Builder claims(String... scopes) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(List.of("cloud_controller", AUDIENCE))
                .subject("clerk")
                .claim("client_id", "cf")
                .claim("scope", List.of(scopes))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(Duration.ofMinutes(10))));
    }

    /** A good token that carries these scopes. */
    public String token(String... scopes) {
        return signed(claims(scopes).build());
    }

    String signed(JWTClaimsSet claims) {
        return signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(current.getKeyID())
                        .build(),
                claims,
                current);
    }

    static String signed(JWSHeader header, JWTClaimsSet claims, RSAKey key) {
        try {
            SignedJWT token = new SignedJWT(header, claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
