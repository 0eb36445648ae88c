package org.usageledger.api.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Refuses to read more than a limit. */
final class LimitedStream extends FilterInputStream {
    private final long limit;
    private final String what;
    private long read;

    LimitedStream(InputStream in, long limit, String what) {
        super(in);
        this.limit = limit;
        this.what = what;
    }

    static BodyRefused tooLarge(long limit, String what) {
        return new BodyRefused(Problem.of(
                ProblemType.TOO_LARGE,
                "A request holds at most " + limit + " bytes, and " + what + " has more; send it in several requests.",
                json -> {
                    json.writeStringField("limit", "request-bytes");
                    json.writeNumberField("limit_value", limit);
                }));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        int got = in.read(bytes, offset, count);
        if (got > 0) {
            read += got;
            if (read > limit) {
                throw tooLarge(limit, what);
            }
        }
        return got;
    }

    @Override
    public long skip(long count) throws IOException {
        return in.read(new byte[(int) Math.min(count, 8192)]);
    }
}
