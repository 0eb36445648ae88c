package org.usageledger.jobs;

import java.sql.Connection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Works in one chunk until it is let go, and hears of nothing else. */
final class StubbornJob implements Job {
    final CountDownLatch working = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public String name() {
        return "count";
    }

    @Override
    public String description() {
        return "Does not stop.";
    }

    @Override
    public Optional<String> scope(Map<String, String> parameters) {
        return Optional.empty();
    }

    @Override
    public Optional<String> refuse(Map<String, String> parameters) {
        return Optional.empty();
    }

    @Override
    public void carryOut(Execution execution) throws InterruptedException {
        working.countDown();
        long deadline = System.nanoTime() + CountingJob.PATIENCE.toNanos();
        boolean interrupted = false;
        while (goOn.getCount() > 0 && System.nanoTime() < deadline) {
            try {
                interrupted |= !goOn.await(10, TimeUnit.MILLISECONDS) && Thread.interrupted();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            throw new InterruptedException("stopped late");
        }
    }

    @Override
    public void giveUp(Connection transaction, Execution execution) {}
}
