package org.usageledger.postgres;

import org.jspecify.annotations.Nullable;

/**
 * There is no PostgreSQL the ledger may use. The message is one sentence for the operator: what was found, where, and
 * what to do; it never holds a secret.
 */
public final class PostgresUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PostgresUnavailable(String sentence) {
        super(sentence);
    }

    public PostgresUnavailable(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
