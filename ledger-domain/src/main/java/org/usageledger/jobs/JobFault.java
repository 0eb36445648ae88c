package org.usageledger.jobs;

/** The database could not be asked about background work; says what was being done. */
public final class JobFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JobFault(String whileDoing, Throwable cause) {
        super(whileDoing, cause);
    }
}
