package org.usageledger.api.access;

import java.io.Serial;

/** The audit log could not be written or read; says what was being done. */
final class AuditFault extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    AuditFault(String whileDoing, Throwable cause) {
        super(whileDoing, cause);
    }
}
