package org.usageledger.api.cli;

import java.io.IOException;
import java.io.Serial;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;

/** No answer came. Whether the service has done what was asked is unknown unless nobody was there to ask. */
final class ServiceUnreachable extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    private final boolean nobodyThere;

    private ServiceUnreachable(String message, boolean nobodyThere, Throwable cause) {
        super(message, cause);
        this.nobodyThere = nobodyThere;
    }

    static ServiceUnreachable timedOut(URI base, Duration deadline, Throwable cause) {
        return new ServiceUnreachable(base + " did not answer within " + Durations.text(deadline) + ".", false, cause);
    }

    static ServiceUnreachable because(URI base, Throwable cause) {
        if (isConnecting(cause)) {
            return new ServiceUnreachable("Nothing answers at " + base + ": is LEDGER_URL right?", true, cause);
        }
        if (cause instanceof SSLHandshakeException) {
            return new ServiceUnreachable(
                    "What answers at " + base + " shows no certificate that is trusted here: name the file of its"
                            + " authority in LEDGER_CA, and the service in LEDGER_URL as its certificate does.",
                    true,
                    cause);
        }
        if (cause instanceof ConnectException refused) {
            return notConnected(base, refused);
        }
        return new ServiceUnreachable("The connection to " + base + " was lost" + reason(cause) + ".", false, cause);
    }

    static boolean isConnecting(Throwable cause) {
        return cause instanceof HttpConnectTimeoutException;
    }

    /** True if no connection was made, so that nothing can have been done. */
    boolean nobodyThere() {
        return nobodyThere;
    }

    private static ServiceUnreachable notConnected(URI base, ConnectException cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof UnknownHostException || each instanceof UnresolvedAddressException) {
                return new ServiceUnreachable(
                        "There is no host called " + base.getHost() + ": is LEDGER_URL right?", true, cause);
            }
        }
        String sentence = "No ledger listens at " + base + ": is ./ledger serve running, and is LEDGER_URL right?";
        return new ServiceUnreachable(sentence, true, cause);
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
    }
}
