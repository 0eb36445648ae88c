package org.usageledger.api;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the service listens. A name is looked up once, so that what was judged is what is listened on.
 *
 * @param given as the operator said it
 */
record ListenAddress(String given, InetAddress address) {
    private static final Logger LOG = LoggerFactory.getLogger(ListenAddress.class);

    /** @throws StartRefused if it is none, or may not be listened on with these settings */
    static ListenAddress of(Settings settings) {
        ListenAddress found = lookedUp(settings.bind());
        boolean loopback = found.address.isLoopbackAddress();
        if (settings.access().isOpen() && !loopback) {
            throw new StartRefused("Without authentication the service listens on a loopback address only, and "
                    + settings.bind() + " is none: set LEDGER_BIND to 127.0.0.1, or LEDGER_AUTH to jwt.");
        }
        if (!loopback && settings.tls().isEmpty()) {
            LOG.warn("tokens come to {} unencrypted unless something in front of it speaks TLS", settings.bind());
        }
        return found;
    }

    private static ListenAddress lookedUp(String bind) {
        if (bind.isBlank()) {
            throw new StartRefused(
                    "The address to listen on is empty: set LEDGER_BIND to 127.0.0.1, or to 0.0.0.0 for every address.");
        }
        try {
            return new ListenAddress(bind, InetAddress.getByName(bind));
        } catch (UnknownHostException e) {
            throw new StartRefused("The address " + bind + " is not known: set LEDGER_BIND to 127.0.0.1.", e);
        }
    }

    /**
     * Looks whether somebody listens there: a service that finds out later has taken its node's name from the one that does.
     *
     * @throws StartRefused if so
     */
    void checkFree(int port) {
        try (ServerSocket tried = new ServerSocket()) {
            tried.setReuseAddress(true);
            tried.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw taken(port, e);
        }
    }

    StartRefused taken(int port, Exception cause) {
        return new StartRefused(
                "The address " + given + ":" + port + " cannot be listened on: choose another with --port or --bind.",
                cause);
    }

    /** In digits, for the server: a name would be looked up again, and may lead elsewhere then. */
    String numeric() {
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }

    /** Where clients find it, by the name that its operator uses. */
    URI url(String scheme, int port) {
        String host = given.contains(":") && !given.startsWith("[") ? "[" + given + "]" : given;
        return URI.create(scheme + "://" + host + ":" + port);
    }
}
