package org.usageledger.api;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.ssl.CertificateProvider;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.api.tls.ServerTls;

/**
 * What the files hold wherever it belongs together. Who renews them writes one after the other: until both are there, the service goes on
 * with what it had.
 */
@Singleton
@Named(ServerTls.NAME)
@Requires(property = "micronaut.certificate.file." + ServerTls.FILES_NAME + ".path")
final class ShownCertificate implements CertificateProvider {
    private static final Logger LOG = LoggerFactory.getLogger(ShownCertificate.class);

    private final CertificateProvider files;

    ShownCertificate(@Named(ServerTls.FILES_NAME) CertificateProvider files) {
        this.files = files;
    }

    @Override
    public String getName() {
        return ServerTls.NAME;
    }

    @Override
    public Publisher<KeyStore> getKeyStore() {
        return shown -> files.getKeyStore().subscribe(new Pairs(shown));
    }

    /** Passes on what belongs together. */
    private static final class Pairs implements Subscriber<KeyStore> {
        private final Subscriber<? super KeyStore> shown;
        private final AtomicBoolean told = new AtomicBoolean();
        private @Nullable Subscription subscription;

        Pairs(Subscriber<? super KeyStore> shown) {
            this.shown = shown;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
            shown.onSubscribe(subscription);
        }

        @Override
        public void onNext(KeyStore read) {
            if (isPair(read)) {
                told.set(false);
                shown.onNext(read);
                return;
            }
            if (told.compareAndSet(false, true)) {
                LOG.warn("the renewed certificate and key do not belong together: the service shows those from before"
                        + " until they do");
            }
            if (subscription != null) {
                subscription.request(1);
            }
        }

        private static boolean isPair(KeyStore read) {
            try {
                return ServerTls.isPair(read);
            } catch (GeneralSecurityException e) {
                LOG.debug("a key or certificate that cannot be used", e);
                return false;
            }
        }

        @Override
        public void onError(Throwable failure) {
            shown.onError(failure);
        }

        @Override
        public void onComplete() {
            shown.onComplete();
        }
    }
}
