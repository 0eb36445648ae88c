package org.usageledger.jobs.recovery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The table of executions, as far as recovery can tell: every call is one transaction. */
final class SimulatedRows {
    static final int GENERATION = 1;

    enum State {
        PENDING,
        OWNED,
        FINISHED
    }

    /** One row. */
    static final class Row {
        State state = State.OWNED;
        long epoch = Key.FIRST_EPOCH;
        Owner owner;
        int generation = GENERATION;
        boolean leaseExpired;
        boolean due = true;
        boolean unreadable;

        Row(Owner owner) {
            this.owner = owner;
        }
    }

    record Owner(String node, long incarnation) {}

    /** A transaction whose connection was lost at commit: it is committed later, or never. */
    private record InDoubt(UUID execution, Owner owner, Verdict.@Nullable Claim claim) {}

    final Map<UUID, Row> rows = new LinkedHashMap<>();
    final Set<String> expunged = new HashSet<>();
    private final List<InDoubt> inDoubt = new ArrayList<>();
    private boolean checksClaims = true;

    void believeListings() {
        checksClaims = false;
    }

    void insert(UUID execution, Owner owner) {
        rows.put(execution, new Row(owner));
    }

    void insertInDoubt(UUID execution, Owner owner) {
        inDoubt.add(new InDoubt(execution, owner, null));
    }

    void claimInDoubt(Verdict.Claim claim, Owner owner) {
        inDoubt.add(new InDoubt(claim.execution(), owner, claim));
    }

    /** Commits or loses the oldest transaction in doubt. */
    void resolveDoubt(RandomGenerator random) {
        if (inDoubt.isEmpty()) {
            return;
        }
        InDoubt oldest = inDoubt.removeFirst();
        if (random.nextBoolean()) {
            return;
        }
        if (oldest.claim() == null) {
            insert(oldest.execution(), oldest.owner());
        } else {
            claim(oldest.claim(), oldest.owner());
        }
    }

    List<Listed> active() {
        List<Listed> listed = new ArrayList<>();
        rows.forEach((execution, row) -> {
            if (row.state != State.FINISHED) {
                listed.add(listed(execution, row));
            }
        });
        return listed;
    }

    private Listed listed(UUID execution, Row row) {
        if (row.unreadable) {
            return new Listed.Unreadable(execution, "no such state");
        }
        if (row.state == State.PENDING) {
            return new Listed.Pending(execution, "demo", row.epoch, row.generation, row.due);
        }
        return new Listed.Owned(
                execution,
                "demo",
                row.epoch,
                row.generation,
                row.owner.node(),
                row.owner.incarnation(),
                row.leaseExpired,
                expunged.contains(row.owner.node()),
                false);
    }

    /** Whether the row still is what the verdict relies on; then it is the claimant's. */
    boolean claim(Verdict.Claim claim, Owner claimant) {
        Row row = rows.get(claim.execution());
        if (row == null || row.unreadable || (checksClaims && !claimable(row, claim, claimant))) {
            return false;
        }
        row.state = State.OWNED;
        row.owner = claimant;
        row.epoch++;
        row.leaseExpired = false;
        return true;
    }

    private boolean claimable(Row row, Verdict.Claim claim, Owner claimant) {
        if (row.epoch != claim.epoch() || row.generation != GENERATION) {
            return false;
        }
        return switch (row.state) {
            case FINISHED -> false;
            case PENDING -> claim instanceof Verdict.Start && row.due;
            case OWNED ->
                !(claim instanceof Verdict.Start)
                        && (row.leaseExpired
                                || expunged.contains(row.owner.node())
                                || row.owner.node().equals(claimant.node()));
        };
    }

    /** Whether a transaction under this claim may have an effect. */
    boolean holds(Key key) {
        return held(key).isPresent();
    }

    private Optional<Row> held(Key key) {
        return Optional.ofNullable(rows.get(key.execution()))
                .filter(row -> row.state == State.OWNED && row.epoch == key.epoch());
    }

    boolean isFinished(UUID execution) {
        Row row = rows.get(execution);
        return row != null && row.state == State.FINISHED;
    }

    void finish(Key key) {
        held(key).ifPresent(row -> row.state = State.FINISHED);
    }

    void giveBack(Key key, boolean due) {
        held(key).ifPresent(row -> {
            row.state = State.PENDING;
            row.due = due;
        });
    }

    void renew(Key key) {
        held(key).ifPresent(row -> row.leaseExpired = false);
    }

    /** Time passes somewhere: a lease ends, an attempt falls due, a row is damaged or mended. */
    void happen(RandomGenerator random) {
        List<Row> active = rows.values().stream()
                .filter(row -> row.state != State.FINISHED)
                .toList();
        if (active.isEmpty()) {
            return;
        }
        Row row = active.get(random.nextInt(active.size()));
        switch (random.nextInt(3)) {
            case 0 -> row.leaseExpired = true;
            case 1 -> row.due = true;
            default -> row.unreadable = random.nextInt(3) == 0 && !row.unreadable;
        }
    }

    /** All that was in doubt is decided, all rows can be read, all leases have ended and all attempts are due. */
    void calm(RandomGenerator random) {
        while (!inDoubt.isEmpty()) {
            resolveDoubt(random);
        }
        for (Row row : rows.values()) {
            row.unreadable = false;
            row.due = true;
            row.leaseExpired = true;
        }
    }
}
