package org.usageledger.api.cli;

import java.io.Serial;

/** Ends a command with exit code 1. The message is all that its user sees: whole sentences that say what to do next. */
public final class CommandFailed extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public CommandFailed(String message) {
        super(message);
    }

    public CommandFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
