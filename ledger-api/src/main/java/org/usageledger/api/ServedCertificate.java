package org.usageledger.api;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.BeanContextException;
import io.micronaut.http.ssl.CertificateProvider;
import io.micronaut.inject.qualifiers.Qualifiers;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.usageledger.api.tls.BadPem;
import org.usageledger.api.tls.ServerTls;

/** The certificate and key as the server itself read them, looked at before it shows them to anybody. */
final class ServedCertificate implements Subscriber<KeyStore> {
    private static final Duration READING = Duration.ofSeconds(10);

    private final CompletableFuture<KeyStore> first = new CompletableFuture<>();
    private @Nullable Subscription subscription;

    /** @throws StartRefused if every connection would fail with them */
    static void check(ApplicationContext context, ServerTls tls) {
        try {
            ServedCertificate served = new ServedCertificate();
            context.getBean(CertificateProvider.class, Qualifiers.byName(ServerTls.FILES_NAME))
                    .getKeyStore()
                    .subscribe(served);
            tls.checkPair(served.first
                    .orTimeout(READING.toMillis(), TimeUnit.MILLISECONDS)
                    .join());
        } catch (BeanContextException | CompletionException e) {
            throw new StartRefused(String.valueOf(tls.notAPair(e).getMessage()), e);
        } catch (BadPem e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(KeyStore read) {
        first.complete(read);
        if (subscription != null) {
            subscription.cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        first.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        first.completeExceptionally(new IllegalStateException("the server read no certificate"));
    }
}
