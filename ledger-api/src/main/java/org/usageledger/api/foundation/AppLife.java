package org.usageledger.api.foundation;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.usageledger.api.foundation.Occurrence.Sizing;
import org.usageledger.api.foundation.Occurrence.Subject;

/** The life of one app, day by day: what its owners do at which hour, and what comes of it. */
final class AppLife {
    private static final Size STAGING = new Size(1, 1024);
    private static final Set<DayOfWeek> WEEKEND = Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
    private static final int STAGING_FAILS_PERCENT = 4;
    private static final int TASK_CANCELLED_PERCENT = 4;
    /** Whoever deletes an app does not push it in the same hour. */
    private static final Duration LAST_CALM = Duration.ofHours(1);

    private final Blueprint blueprint;
    private final App app;
    private final Chronicle chronicle;
    private final RandomGenerator chance;
    private final Processes processes;
    private boolean staged;
    private int tasks;

    AppLife(Blueprint blueprint, Outages outages, App app) {
        this.blueprint = blueprint;
        this.app = app;
        this.chronicle = new Chronicle(blueprint, outages, app);
        this.chance = blueprint.chance(app.number());
        this.processes = new Processes(blueprint, app, chronicle, chance);
    }

    /** One thing that its owners do. */
    private record Doing(Instant at, Act act) {}

    private enum Act {
        PUSH,
        RESTART,
        SCALE_OUT,
        SCALE_IN,
        RESIZE,
        WAKE,
        SLEEP,
        TASK
    }

    /** All that happens to it until it is deleted or the story ends. */
    List<Occurrence> lived() {
        Instant free = push(app.born());
        new Services(blueprint, app, chronicle, chance).live();
        for (Instant day = app.born().truncatedTo(ChronoUnit.DAYS);
                day.isBefore(blueprint.until());
                day = day.plus(Duration.ofDays(1))) {
            for (Doing doing : day(day)) {
                Instant at = doing.at().isAfter(free) ? doing.at() : free.plusSeconds(60);
                boolean early = doing.at().isBefore(app.born());
                free = early || at.isAfter(app.dies().minus(LAST_CALM)) ? free : did(doing.act(), at);
            }
        }
        if (processes.started()) {
            processes.stop(app.dies());
        }
        return chronicle.written();
    }

    private List<Doing> day(Instant midnight) {
        List<Doing> day = new ArrayList<>();
        App.Habits habits = app.habits();
        if (habits.nightly()) {
            day.add(new Doing(moment(midnight, 0, 4), Act.TASK));
        }
        boolean working = !WEEKEND.contains(midnight.atZone(ZoneOffset.UTC).getDayOfWeek());
        perhaps(working && habits.sleeps() ? 1 : 0, day, moment(midnight, 6, 8), Act.WAKE);
        perhaps(habits.breathes() ? 0.9 : 0, day, moment(midnight, 7, 9), Act.SCALE_OUT);
        perhaps(working ? habits.pushesPerDay() : habits.pushesPerDay() / 20, day, moment(midnight, 8, 18), Act.PUSH);
        perhaps(0.02, day, moment(midnight, 8, 22), Act.RESTART);
        perhaps(0.01, day, moment(midnight, 9, 17), Act.RESIZE);
        perhaps(0.05, day, moment(midnight, 9, 17), Act.TASK);
        perhaps(habits.breathes() ? 1 : 0, day, moment(midnight, 19, 21), Act.SCALE_IN);
        perhaps(habits.sleeps() ? 1 : 0, day, moment(midnight, 18, 20), Act.SLEEP);
        day.sort(Comparator.comparing(Doing::at));
        return day;
    }

    private void perhaps(double probability, List<Doing> day, Instant at, Act act) {
        if (chance.nextDouble() < probability) {
            day.add(new Doing(at, act));
        }
    }

    private Instant moment(Instant midnight, int fromHour, int toHour) {
        return midnight.plusSeconds(chance.nextLong(fromHour * 3600L, toHour * 3600L));
    }

    /** Does it if it can be done now; returns when its owners are free again. */
    private Instant did(Act act, Instant at) {
        boolean up = processes.started();
        switch (act) {
            case PUSH -> {
                return push(at);
            }
            case TASK -> task(at);
            case WAKE -> {
                if (staged && !up) {
                    processes.start(at);
                }
            }
            case RESTART, RESIZE, SCALE_OUT, SCALE_IN, SLEEP -> {
                if (up) {
                    changed(act, at);
                }
            }
        }
        return at;
    }

    private void changed(Act act, Instant at) {
        int usual = app.habits().instances();
        switch (act) {
            case RESTART -> processes.restart(at);
            case RESIZE -> processes.resize(at);
            case SLEEP -> processes.stop(at);
            case SCALE_OUT -> scale(at, usual + chance.nextInt(1, 4));
            case SCALE_IN -> scale(at, usual);
            case PUSH, TASK, WAKE -> throw new IllegalArgumentException(act + " changes nothing that runs");
        }
    }

    private void scale(Instant at, int instances) {
        if (instances != processes.instances()) {
            processes.scale(at, instances);
        }
    }

    /** Stages, and puts what came of it to work: a stopped app is started, a running one replaced or restarted. */
    private Instant push(Instant at) {
        chronicle.write(at, Transition.STAGING_STARTED, Subject.staging(Ref.NONE), Sizing.unchanged(STAGING));
        Instant built = at.plusSeconds(chance.nextInt(25, 180));
        boolean failed = chance.nextInt(100) < STAGING_FAILS_PERCENT;
        Ref buildpack = failed ? Ref.NONE : app.software().buildpack();
        chronicle.write(built, Transition.STAGING_STOPPED, Subject.staging(buildpack), Sizing.unchanged(STAGING));
        if (failed) {
            return built;
        }
        chronicle.write(built, Transition.BUILDPACK_SET, Subject.staging(buildpack), Sizing.unchanged(STAGING));
        staged = true;
        Instant ready = built.plusSeconds(chance.nextInt(1, 10));
        if (!processes.started()) {
            processes.start(ready);
            return ready;
        }
        if (app.habits().rolling()) {
            return processes.roll(ready);
        }
        processes.restart(ready);
        return ready;
    }

    /** From its start to its stop; one that still runs when its app is deleted ends with it. */
    private void task(Instant at) {
        if (!staged) {
            return;
        }
        String name = chance.nextInt(3) == 0 ? "migrate" : "nightly-report";
        Ref task = new Ref(blueprint.guid("task/" + app.number() + "/" + ++tasks), name);
        Size size = new Size(1, Math.max(256, app.software().memoryMb()));
        Instant planned = at.plusSeconds(chance.nextInt(20, 2 * 3600));
        Instant end = planned.isAfter(app.dies()) ? app.dies() : planned;
        boolean cancelled = chance.nextInt(100) < TASK_CANCELLED_PERCENT;
        chronicle.write(at, Transition.TASK_STARTED, Subject.task(task), Sizing.unchanged(size));
        chronicle.write(
                end,
                cancelled ? Transition.TASK_CANCELLED : Transition.TASK_STOPPED,
                Subject.task(task),
                Sizing.unchanged(size));
    }
}
