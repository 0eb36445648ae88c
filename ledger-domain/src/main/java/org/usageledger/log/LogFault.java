package org.usageledger.log;

/** The database could not be read; says what was being done. */
public final class LogFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LogFault(String whileDoing, Throwable cause) {
        super(whileDoing, cause);
    }
}
