package org.usageledger.api.foundation;

import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.usageledger.api.foundation.Occurrence.Sizing;
import org.usageledger.api.foundation.Occurrence.Subject;

/** The processes of one app: one for the web, perhaps a worker. The first web process has the app's own guid, as the platform does it. */
final class Processes {
    private static final int SMALLEST_MB = 64;
    private static final int LARGEST_MB = 8192;
    private static final int CANCELLED_PERCENT = 5;

    private final Blueprint blueprint;
    private final App app;
    private final Chronicle chronicle;
    private final RandomGenerator chance;
    private Live web;
    private Optional<Live> worker;
    private boolean started;
    private int versions;

    Processes(Blueprint blueprint, App app, Chronicle chronicle, RandomGenerator chance) {
        this.blueprint = blueprint;
        this.app = app;
        this.chronicle = chronicle;
        this.chance = chance;
        this.web = new Live(
                new Ref(app.ref().key(), "web"),
                new Size(app.habits().instances(), app.software().memoryMb()));
        this.worker = app.habits().worker()
                ? Optional.of(new Live(
                        new Ref(blueprint.guid("worker/" + app.number()), "worker"),
                        new Size(1, app.software().memoryMb())))
                : Optional.empty();
    }

    /** A process as it stands. */
    private record Live(Ref ref, Size size) {
        Live sized(Size other) {
            return new Live(ref, other);
        }
    }

    boolean started() {
        return started;
    }

    int instances() {
        return web.size().instances();
    }

    void start(Instant at) {
        write(at, Transition.STARTED, web);
        worker.ifPresent(each -> write(at, Transition.STARTED, each));
        started = true;
    }

    void stop(Instant at) {
        write(at, Transition.STOPPED, web);
        worker.ifPresent(each -> write(at, Transition.STOPPED, each));
        started = false;
    }

    void restart(Instant at) {
        restart(at, web);
        worker.ifPresent(each -> restart(at, each));
    }

    void scale(Instant at, int instances) {
        web = sized(at, web, web.size().withInstances(instances));
    }

    /** Twice the memory, or half of it. */
    void resize(Instant at) {
        int now = web.size().memoryMb();
        boolean larger = now <= SMALLEST_MB || (now < LARGEST_MB && chance.nextInt(3) > 0);
        web = sized(at, web, web.size().withMemory(larger ? now * 2 : now / 2));
    }

    /**
     * Rolls a new version out beside the old one, an instance at a time, or calls it off half way.
     *
     * @return when it was over
     */
    Instant roll(Instant begin) {
        int target = instances();
        Live fresh = new Live(
                new Ref(blueprint.guid("web/" + app.number() + "/" + ++versions), "web"),
                web.size().withInstances(Math.min(1, target)));
        write(begin, Transition.STARTED, fresh);
        boolean cancelled = chance.nextInt(100) < CANCELLED_PERCENT;
        int goal = cancelled ? (target + 1) / 2 : target;
        Live old = web;
        Instant at = begin;
        while (fresh.size().instances() < goal) {
            at = at.plusSeconds(chance.nextInt(20, 60));
            fresh = sized(at, fresh, fresh.size().withInstances(fresh.size().instances() + 1));
            old = sized(at, old, old.size().withInstances(old.size().instances() - 1));
        }
        at = at.plusSeconds(chance.nextInt(20, 60));
        return cancelled ? callOff(at, fresh, old) : complete(at, fresh, old);
    }

    private Instant complete(Instant at, Live fresh, Live old) {
        Live gone =
                old.size().instances() == 0 ? old : sized(at, old, old.size().withInstances(0));
        write(at, Transition.STOPPED, gone);
        web = fresh;
        worker.ifPresent(each -> restart(at, each));
        return at;
    }

    private Instant callOff(Instant at, Live fresh, Live old) {
        write(at, Transition.STOPPED, fresh);
        if (!old.size().equals(web.size())) {
            sized(at, old, web.size());
        }
        return at;
    }

    private void restart(Instant at, Live process) {
        write(at, Transition.STOPPED_TO_RESTART, process);
        write(at, Transition.STARTED, process);
    }

    private void write(Instant at, Transition transition, Live process) {
        chronicle.write(at, transition, subject(process), Sizing.unchanged(process.size()));
    }

    private Live sized(Instant at, Live process, Size size) {
        chronicle.write(at, Transition.SCALED, subject(process), new Sizing(size, process.size()));
        return process.sized(size);
    }

    private Subject subject(Live process) {
        return new Subject(process.ref(), app.software().buildpack(), Ref.NONE);
    }
}
