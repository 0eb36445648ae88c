package org.usageledger.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.usageledger.postgres.DatabaseAddress;

/** Stands between a driver and its server and cuts the connection in two at the moment it is told to. */
final class CuttingProxy implements AutoCloseable {
    /** What gets lost. */
    enum Cut {
        NOTHING,
        /** The next thing the client sends does not reach the server. */
        NEXT_REQUEST,
        /** The next thing the server sends does not reach the client. */
        NEXT_ANSWER
    }

    private final ServerSocket listener;
    private final DatabaseAddress server;
    private final AtomicReference<Cut> armed = new AtomicReference<>(Cut.NOTHING);
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile boolean silent;

    CuttingProxy(DatabaseAddress server) {
        this.server = server;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** The server's address by way of this proxy. */
    DatabaseAddress address() {
        String through = server.url().replace(":" + serverPort() + "/", ":" + listener.getLocalPort() + "/");
        return new DatabaseAddress(through, server.user(), server.password());
    }

    private int serverPort() {
        return URI.create(server.url().substring("jdbc:".length())).getPort();
    }

    private String serverHost() {
        return URI.create(server.url().substring("jdbc:".length())).getHost();
    }

    /** Cuts once. */
    void arm(Cut cut) {
        armed.set(cut);
    }

    /** From now on nothing that the server sends reaches the client, and no connection ends. */
    void silence() {
        silent = true;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket toServer = new Socket(serverHost(), serverPort());
                sockets.add(client);
                sockets.add(toServer);
                Thread.ofVirtual().start(() -> pass(client, toServer, Cut.NEXT_REQUEST));
                Thread.ofVirtual().start(() -> pass(toServer, client, Cut.NEXT_ANSWER));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pass(Socket from, Socket to, Cut here) {
        byte[] bytes = new byte[16 * 1_024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (armed.compareAndSet(here, Cut.NOTHING)) {
                    return;
                }
                if (here == Cut.NEXT_ANSWER && silent) {
                    continue;
                }
                out.write(bytes, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // the other direction was cut
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
