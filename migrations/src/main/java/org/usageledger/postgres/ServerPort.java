package org.usageledger.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The port of a cluster: chosen free once, then kept as long as nobody else takes it. */
final class ServerPort {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int LARGEST = 65_535;

    private ServerPort() {}

    /** The remembered port if it is free, else another free one, which is remembered. */
    static int choose(DataFolder folder) throws IOException {
        Optional<Integer> remembered = remembered(folder);
        if (remembered.isPresent() && free(remembered.get())) {
            return remembered.get();
        }
        int chosen = anyFree();
        Path unfinished = folder.port().resolveSibling("postgresql.port.unfinished");
        Files.writeString(unfinished, chosen + "\n");
        Files.move(unfinished, folder.port(), StandardCopyOption.ATOMIC_MOVE);
        return chosen;
    }

    private static Optional<Integer> remembered(DataFolder folder) throws IOException {
        if (!Files.exists(folder.port())) {
            return Optional.empty();
        }
        String text = Files.readString(folder.port()).strip();
        return text.matches("\\d{1,5}")
                ? Optional.of(Integer.valueOf(text)).filter(port -> port > 0 && port <= LARGEST)
                : Optional.empty();
    }

    static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, loopback())) {
            return socket.getLocalPort() == port;
        } catch (IOException e) {
            return false;
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(LOOPBACK);
    }

    private static int anyFree() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        }
    }
}
