package org.usageledger.api.events;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** What one follower has taken of its streams, event by event, over any number of connections. */
final class TestReader {
    private final List<Long> positions = new ArrayList<>();
    private final Semaphore open = new Semaphore(1);
    private @Nullable String lastId;
    private int signs;
    private String lastSign = "";
    private int cursors;
    private String problem = "";

    /** One connection, which breaks after so many bytes. */
    OutputStream connection(long bytesUntilLoss) {
        return new Connection(bytesUntilLoss);
    }

    /** From now on it takes nothing, until it is let go. */
    void stall() {
        open.acquireUninterruptibly();
    }

    void goOn() {
        open.release();
    }

    synchronized List<Long> positions() {
        return List.copyOf(positions);
    }

    synchronized int count() {
        return positions.size();
    }

    synchronized @Nullable String lastId() {
        return lastId;
    }

    synchronized int signsOfLife() {
        return signs;
    }

    synchronized String lastSign() {
        return lastSign;
    }

    synchronized int cursors() {
        return cursors;
    }

    synchronized String problem() {
        return problem;
    }

    private synchronized void take(String event) {
        String id = field(event, "id: ");
        String data = field(event, "data: ");
        switch (field(event, "event: ")) {
            case "" -> {
                if (data.isEmpty()) {
                    signs += event.startsWith(":") ? 1 : 0;
                    lastSign = event.startsWith(":") ? event : lastSign;
                } else {
                    positions.add(Long.parseLong(data.replaceAll("^\\{\"position\":(\\d+),.*$", "$1")));
                }
            }
            case "cursor" -> cursors++;
            case "problem" -> problem = data;
            default -> throw new IllegalStateException("an event of no known type: " + event);
        }
        lastId = id.isEmpty() ? lastId : id;
    }

    private static String field(String event, String name) {
        return event.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElse("");
    }

    private final class Connection extends OutputStream {
        private final StringBuilder unread = new StringBuilder();
        private long left;

        Connection(long bytesUntilLoss) {
            left = bytesUntilLoss;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            open.acquireUninterruptibly();
            open.release();
            int arrived = (int) Math.min(count, left);
            left -= arrived;
            unread.append(new String(bytes, offset, arrived, StandardCharsets.ISO_8859_1));
            for (int end = unread.indexOf("\n\n"); end >= 0; end = unread.indexOf("\n\n")) {
                take(unread.substring(0, end));
                unread.delete(0, end + 2);
            }
            if (arrived < count) {
                throw new IOException("the connection is lost");
            }
        }
    }
}
