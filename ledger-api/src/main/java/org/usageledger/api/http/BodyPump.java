package org.usageledger.api.http;

import io.micronaut.core.io.buffer.ReadBuffer;
import io.micronaut.core.io.buffer.ReadBufferFactory;
import io.micronaut.core.propagation.PropagatedContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a source on a virtual thread and passes what it writes on, one buffer for each that the connection asks for: a slow reader holds
 * up the source, not memory. A source that fails, or a reader that takes nothing for too long, ends in an error, upon which the server
 * closes the connection without ending the body.
 */
final class BodyPump implements Publisher<ReadBuffer>, Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(BodyPump.class);
    private static final int BUFFER_BYTES = 128 * 1024;

    /** To begin with: thousands of answers may be open that hardly write. */
    private static final int FIRST_BYTES = 512;

    /** A connection that has taken nothing for so long is given up. */
    private static final Duration STALL = Duration.ofMinutes(2);

    private final Content.Source source;
    private final ReadBufferFactory buffers;
    private final StreamObserver observer;

    /** Whose answer it is, so that what is logged here names its trace. */
    private final PropagatedContext request;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Subscriber<? super ReadBuffer> subscriber;
    private long demand;
    private boolean cancelled;
    private boolean started;

    BodyPump(Content.Source source, ReadBufferFactory buffers, StreamObserver observer, PropagatedContext request) {
        this.source = source;
        this.buffers = buffers;
        this.observer = observer;
        this.request = request;
    }

    @Override
    public void subscribe(Subscriber<? super ReadBuffer> only) {
        subscriber = only;
        only.onSubscribe(this);
    }

    @Override
    public void request(long more) {
        lock.lock();
        try {
            demand = demand + more < 0 ? Long.MAX_VALUE : demand + more;
            changed.signalAll();
            Subscriber<? super ReadBuffer> to = subscriber;
            if (!started && !cancelled && to != null) {
                started = true;
                Thread.ofVirtual().name("ledger-body").start(request.wrap(() -> run(to)));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void cancel() {
        lock.lock();
        try {
            cancelled = true;
            changed.signalAll();
            if (!started) {
                // To let go of a connection to the database may take a while, which whoever serves all connections does
                // not have.
                Thread.ofVirtual().name("ledger-body").start(source::close);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run(Subscriber<? super ReadBuffer> to) {
        try {
            Buffered out = new Buffered(to);
            source.writeTo(out);
            out.flush();
            to.onComplete();
        } catch (ReaderGone gone) {
            LOG.debug("a reader went away: {}", gone.getMessage());
            observer.cutShort(gone.cut);
            to.onError(gone);
        } catch (IOException | RuntimeException e) {
            LOG.warn("a streamed answer was cut short", e);
            observer.cutShort(
                    e instanceof InterruptedIOException ? StreamObserver.Cut.STOPPING : StreamObserver.Cut.FAULT);
            to.onError(e);
        } catch (Error e) {
            // Who reads waits for an end, whatever became of this thread.
            LOG.error("a streamed answer was cut short", e);
            to.onError(e);
            throw e;
        } finally {
            source.close();
        }
    }

    private void awaitDemand() throws IOException {
        lock.lock();
        try {
            long left = STALL.toNanos();
            while (demand == 0 && !cancelled) {
                if (left <= 0) {
                    throw new ReaderGone(
                            StreamObserver.Cut.STALLED, "it has taken nothing for " + STALL.toSeconds() + " s");
                }
                left = changed.awaitNanos(left);
            }
            if (cancelled) {
                throw new ReaderGone(StreamObserver.Cut.HUNG_UP, "the connection is closed");
            }
            demand--;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReaderGone(StreamObserver.Cut.STOPPING, "the service is stopping");
        } finally {
            lock.unlock();
        }
    }

    private static final class ReaderGone extends IOException {
        private static final long serialVersionUID = 1L;

        private final StreamObserver.Cut cut;

        ReaderGone(StreamObserver.Cut cut, String why) {
            super(why);
            this.cut = cut;
        }
    }

    private final class Buffered extends OutputStream {
        private final Subscriber<? super ReadBuffer> to;
        private byte[] buffer = new byte[FIRST_BYTES];
        private int length;

        Buffered(Subscriber<? super ReadBuffer> to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            makeRoom();
            buffer[length++] = (byte) b;
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            int done = 0;
            while (done < count) {
                makeRoom();
                int part = Math.min(count - done, buffer.length - length);
                System.arraycopy(bytes, offset + done, buffer, length, part);
                length += part;
                done += part;
            }
        }

        private void makeRoom() throws IOException {
            if (length == BUFFER_BYTES) {
                pass();
                buffer = new byte[BUFFER_BYTES];
            } else if (length == buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(4 * buffer.length, BUFFER_BYTES));
            }
        }

        @Override
        public void flush() throws IOException {
            if (length > 0) {
                pass();
                buffer = new byte[FIRST_BYTES];
            }
        }

        private void pass() throws IOException {
            awaitDemand();
            byte[] full = length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
            length = 0;
            to.onNext(buffers.adapt(full));
        }
    }
}
