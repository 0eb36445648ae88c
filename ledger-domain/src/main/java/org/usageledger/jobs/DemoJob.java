package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Does nothing, in as many steps as asked, so that starting, watching, cancelling, killing and taking over can be tried by hand. */
public final class DemoJob implements Job {
    private static final String STEPS = "steps";
    private static final String PAUSE = "pause_ms";
    private static final String FAIL_AT = "fail_at";
    private static final int MOST_STEPS = 1_000_000;
    private static final int LONGEST_PAUSE = 60_000;
    private static final int USUAL_STEPS = 60;
    private static final int USUAL_PAUSE = 1_000;

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String description() {
        return "Does nothing, in steps=N (1 to 1000000, default 60) chunks with pause_ms=N (0 to 60000, default 1000) between them;"
                + " with fail_at=N it fails for good at that chunk.";
    }

    @Override
    public Optional<String> scope(Map<String, String> parameters) {
        return Optional.empty();
    }

    @Override
    public Optional<String> refuse(Map<String, String> parameters) {
        for (String name : parameters.keySet()) {
            if (!Set.of(STEPS, PAUSE, FAIL_AT).contains(name)) {
                return Optional.of(
                        "there is no parameter " + name + "; there are " + STEPS + ", " + PAUSE + " and " + FAIL_AT);
            }
        }
        return wrong(parameters, STEPS, 1, MOST_STEPS)
                .or(() -> wrong(parameters, PAUSE, 0, LONGEST_PAUSE))
                .or(() -> wrong(parameters, FAIL_AT, 1, MOST_STEPS));
    }

    private static Optional<String> wrong(Map<String, String> parameters, String name, int least, int most) {
        String value = parameters.get(name);
        if (value == null) {
            return Optional.empty();
        }
        boolean right =
                value.matches("[0-9]{1,9}") && Integer.parseInt(value) >= least && Integer.parseInt(value) <= most;
        return right ? Optional.empty() : Optional.of(name + " is a whole number from " + least + " to " + most);
    }

    private static int number(Execution execution, String name, int usual) {
        String value = execution.parameters().get(name);
        return value == null ? usual : Integer.parseInt(value);
    }

    @Override
    public void carryOut(Execution execution) throws SQLException, InterruptedException {
        int steps = number(execution, STEPS, USUAL_STEPS);
        Duration pause = Duration.ofMillis(number(execution, PAUSE, USUAL_PAUSE));
        int failAt = number(execution, FAIL_AT, 0);
        long done = execution.reached(1).map(Progress::position).orElse(0L);
        while (done + 1 < steps) {
            long next = done + 1;
            execution.chunk(1, transaction -> progress(next, steps, failAt));
            done = next;
            if (pause.isPositive()) {
                execution.pause(pause);
            }
        }
        execution.finish(1, transaction -> progress(steps, steps, failAt));
    }

    private static Progress progress(long step, int steps, int failAt) {
        if (step == failAt) {
            throw new PermanentFailure("it was asked to fail at chunk " + failAt);
        }
        return new Progress(step, steps);
    }

    @Override
    public void giveUp(Connection transaction, Execution execution) {
        // It leaves nothing behind.
    }
}
