package org.usageledger.api.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;

/**
 * Asks on the caller's own thread over a connection that is kept: where service and reader share the cores, a client with threads and
 * queues of its own would be measured along with the service.
 */
final class PlainGet {
    private static final Duration CONNECT = Duration.ofSeconds(60);

    private PlainGet() {}

    /**
     * Sends the request and waits for the head of its answer.
     *
     * @param silence the longest that the service may send nothing
     * @return the body, to be read to its end and closed, so that the connection is kept
     * @throws RunRefused if the answer is not 200
     */
    static InputStream body(URI uri, String accept, Duration silence) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout((int) CONNECT.toMillis());
        connection.setReadTimeout((int) silence.toMillis());
        connection.setUseCaches(false);
        connection.setRequestProperty("Accept", accept);
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new RunRefused(
                    "The run is refused: " + uri + " was answered with " + connection.getResponseCode() + ".");
        }
        return connection.getInputStream();
    }
}
