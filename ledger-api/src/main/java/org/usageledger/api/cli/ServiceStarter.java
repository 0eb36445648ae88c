package org.usageledger.api.cli;

import java.net.URI;
import java.util.function.Consumer;

/** Starts the service in this process. The command line knows no more of the service than this. */
@FunctionalInterface
public interface ServiceStarter {
    /**
     * Returns once the service answers.
     *
     * @param progress told, a line each, what the operator should know while waiting
     * @throws CommandFailed if it cannot be started for a reason that its operator can do something about
     */
    RunningService start(ServeSettings settings, Consumer<String> progress);

    /** A service that answers, until it is closed. */
    interface RunningService extends AutoCloseable {
        URI address();

        /** Where its data is, in words. */
        String data();

        /** Stops answering, finishes what it has begun, then stops its database if that is its own. */
        @Override
        void close();
    }
}
