package org.usageledger.api.tls;

import java.io.Serial;

/** A file that was named cannot be used; says in one sentence which and why, with nothing of its content. */
public final class BadPem extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    BadPem(String sentence) {
        super(sentence);
    }

    BadPem(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
