package org.usageledger.api.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;

/**
 * What the service shows to those who connect. Renewed files are taken up as soon as both are there.
 *
 * @param certificate PEM file: the service's certificate, then those between it and its authority
 * @param key PEM file of the private key, not encrypted
 * @param renewal how often the files are looked at
 */
public record ServerTls(Path certificate, Path key, Duration renewal) {
    /** The name under which the server finds what it shows. */
    public static final String NAME = "ledger";

    /** The name under which what the files hold is found, whether or not it belongs together. */
    public static final String FILES_NAME = "ledger-files";

    private static final String FILES = "micronaut.certificate.file." + FILES_NAME + ".";
    private static final Duration RENEWAL = Duration.ofMinutes(1);

    /** Files that are looked at as often as is usual. */
    public ServerTls(Path certificate, Path key) {
        this(certificate, key, RENEWAL);
    }

    /** For the server, which reads the files itself. */
    public Map<String, Object> properties(int port) {
        return Map.ofEntries(
                Map.entry("micronaut.server.ssl.enabled", true),
                Map.entry("micronaut.server.ssl.build-self-signed", false),
                Map.entry("micronaut.server.ssl.port", port),
                Map.entry("micronaut.server.ssl.key-name", NAME),
                Map.entry("micronaut.server.ssl.protocols", "TLSv1.3,TLSv1.2"),
                Map.entry(FILES + "path", key.toString()),
                Map.entry(FILES + "certificate-path", certificate.toString()),
                Map.entry(FILES + "format", "PEM"),
                Map.entry(FILES + "refresh-mode", "SCHEDULER"),
                Map.entry(FILES + "refresh-interval", renewal));
    }

    /**
     * Refuses files that cannot be read or hold something else, before the server looks at them.
     *
     * @throws BadPem saying which
     */
    public void checkFiles() {
        Trust.certificates(certificate);
        Trust.content(key);
    }

    /**
     * Refuses a key that is not the certificate's: every connection would fail.
     *
     * @param read as the server read them
     * @throws BadPem if they do not belong together
     */
    public void checkPair(KeyStore read) {
        try {
            if (isPair(read)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw notAPair(e);
        }
        throw new BadPem("The key in " + key + " is not that of the first certificate in " + certificate
                + ": name two files that belong together.");
    }

    /** Whether a key and the certificate beside it belong together. */
    public static boolean isPair(KeyStore read) throws GeneralSecurityException {
        for (String alias : Collections.list(read.aliases())) {
            if (read.getKey(alias, new char[0]) instanceof PrivateKey secret
                    && belong(secret, read.getCertificate(alias))) {
                return true;
            }
        }
        return false;
    }

    /** What the server could not read. */
    public BadPem notAPair(Exception cause) {
        return new BadPem(
                "The file " + key + " is no PEM file of a private key without a password, or " + certificate
                        + " none of certificates: name two files that are.",
                cause);
    }

    private static boolean belong(Key secret, Certificate shown) throws GeneralSecurityException {
        String algorithm = switch (secret.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> secret.getAlgorithm();
        };
        Signature signature = Signature.getInstance(algorithm);
        byte[] sample = {1};
        signature.initSign((PrivateKey) secret);
        signature.update(sample);
        byte[] signed = signature.sign();
        if (!shown.getPublicKey().getAlgorithm().equals(secret.getAlgorithm())) {
            return false;
        }
        signature.initVerify(shown.getPublicKey());
        signature.update(sample);
        return signature.verify(signed);
    }
}
