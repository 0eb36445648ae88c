package org.usageledger.api.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives up a body whose last byte has not come some time after it was first waited for. A limit on each wait alone would not do: who sends
 * a byte now and then would hold what its request holds for as long as it likes.
 */
final class TimelyStream extends FilterInputStream {
    private final Duration allowed;
    private @Nullable CompletableFuture<Void> alarm;
    private @Nullable Thread reading;
    private boolean late;
    private boolean ended;

    TimelyStream(InputStream in, Duration allowed) {
        super(in);
        this.allowed = allowed;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        begin();
        try {
            int got = in.read(bytes, offset, count);
            ended = got < 0;
            return got;
        } catch (InterruptedIOException e) {
            if (isLate()) {
                throw tooLate();
            }
            throw e;
        } finally {
            end();
        }
    }

    @Override
    public long skip(long count) throws IOException {
        return Math.max(0, read(new byte[(int) Math.min(count, 8192)]));
    }

    private synchronized void begin() throws BodyRefused {
        if (late) {
            throw tooLate();
        }
        reading = Thread.currentThread();
        if (alarm == null && !ended) {
            alarm = new CompletableFuture<Void>().completeOnTimeout(null, allowed.toMillis(), TimeUnit.MILLISECONDS);
            var _ = alarm.thenRun(this::ring);
        }
    }

    /** The thread is interrupted only while it waits here, so that no other wait of the request is hit. */
    private synchronized void ring() {
        late = true;
        if (reading != null) {
            reading.interrupt();
        }
    }

    private synchronized void end() {
        reading = null;
        if (late) {
            // It may have come when the wait was over already.
            Thread.interrupted();
        }
        if (ended) {
            silence();
        }
    }

    private synchronized boolean isLate() {
        return late;
    }

    private synchronized void silence() {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    private BodyRefused tooLate() {
        return new BodyRefused(Problem.of(
                ProblemType.BODY_TOO_SLOW,
                "The body did not arrive within " + allowed.toSeconds()
                        + " s. Nothing was done; send it again, in smaller" + " parts if the way here is slow."));
    }

    @Override
    public void close() throws IOException {
        silence();
        super.close();
    }
}
