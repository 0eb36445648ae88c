package org.usageledger.api.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom this process trusts when it connects to somebody. */
public final class Trust {
    private Trust() {}

    /**
     * Those that the JDK trusts, and those of a file.
     *
     * @param authorities PEM file of certificates
     * @throws BadPem if the file cannot be used
     */
    public static SSLContext besidesTheUsual(Optional<Path> authorities) {
        try {
            if (authorities.isEmpty()) {
                return SSLContext.getDefault();
            }
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (X509Certificate usual : managerOf(null).getAcceptedIssuers()) {
                trusted.setCertificateEntry("usual " + trusted.size(), usual);
            }
            for (Certificate ours : certificates(authorities.get())) {
                trusted.setCertificateEntry("ours " + trusted.size(), ours);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {managerOf(trusted)}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("putting together whom to trust", e);
        }
    }

    private static X509TrustManager managerOf(@Nullable KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("this JDK trusts by no certificates"));
    }

    /** The certificates of a PEM file, at least one. */
    static Collection<? extends Certificate> certificates(Path file) {
        byte[] content = content(file);
        try {
            Collection<? extends Certificate> read =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(content));
            if (read.isEmpty()) {
                throw new BadPem("The file " + file + " has no certificate in it: name a PEM file that has.");
            }
            return read;
        } catch (GeneralSecurityException e) {
            throw new BadPem("The file " + file + " is no PEM file of certificates: name one that is.", e);
        }
    }

    static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new BadPem("The file " + file + " cannot be read: name one that can.", e);
        }
    }
}
