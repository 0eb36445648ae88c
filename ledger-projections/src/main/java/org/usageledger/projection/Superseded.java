package org.usageledger.projection;

/** The projection has another owner, or stands elsewhere than was believed: nothing may be changed. */
public final class Superseded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Superseded(Claim claim, Window window) {
        super("projection " + claim.projection() + " is no longer at position " + window.after() + " in the hands of "
                + claim.owner() + " (claim " + claim.epoch() + ")");
    }
}
