package org.usageledger.postgres;

import java.time.Duration;

/** Stops a cluster's server: clients are cut off, committed work is written, the next start needs no recovery. */
final class ServerStop {

    private static final Duration SIGNALLING = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final Duration IMMEDIATE = Duration.ofSeconds(10);

    private final Installation installation;
    private final Duration patience;

    /** @param patience how long an orderly stop may take before the server is told to stop at once */
    ServerStop(Installation installation, Duration patience) {
        this.installation = installation;
        this.patience = patience;
    }

    /** Returns whether the server is gone; if not, the operator has been told. */
    boolean stop(long pid) {
        if (!serves(pid)) {
            return true;
        }
        if (stopped("fast", pid, patience)) {
            return true;
        }
        installation
                .progress()
                .accept("PostgreSQL (process " + pid + ") does not stop within " + patience.toSeconds()
                        + " s: telling it to stop at once; it will recover when it starts again");
        if (stopped("immediate", pid, IMMEDIATE)) {
            return true;
        }
        installation
                .progress()
                .accept("PostgreSQL (process " + pid + ") did not stop; it keeps what was committed, and the next"
                        + " service on this data folder takes it over");
        return false;
    }

    private boolean stopped(String mode, long pid, Duration time) {
        OneShot.Ended ended =
                OneShot.run(installation.control("stop", "--mode=" + mode, "--no-wait"), Deadline.in(SIGNALLING));
        if (!ended.succeeded() && serves(pid)) {
            installation.progress().accept("PostgreSQL could not be told to stop: " + ended.text());
        }
        Deadline deadline = Deadline.in(time);
        while (RunningServer.alive(pid) && !deadline.passed()) {
            deadline.pause(BETWEEN_LOOKS);
        }
        return !RunningServer.alive(pid);
    }

    private boolean serves(long pid) {
        return RunningServer.of(installation.folder()) instanceof RunningServer.Serving(var file) && file.pid() == pid;
    }
}
