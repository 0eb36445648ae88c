package org.usageledger.projection;

/** The database could not be asked about a projection; says what was being done. */
public final class ProjectionFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProjectionFault(String whileDoing, Throwable cause) {
        super(whileDoing, cause);
    }
}
