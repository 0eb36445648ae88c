package org.usageledger.api.foundation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What a foundation is made from.
 *
 * @param seed of everything that happens by chance
 * @param apps how many are pushed in the course of it, at least 1
 * @param days how long it lives, at least 1
 * @param from when it begins, a whole second
 */
public record Blueprint(long seed, int apps, int days, Instant from) {
    /** A story is held in memory, about 100 events of 200 bytes for an app in 40 days. */
    public static final long MOST_APP_DAYS = 1_000_000;

    private static final RandomGeneratorFactory<RandomGenerator> CHANCE = RandomGeneratorFactory.of("L64X128MixRandom");
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    public Blueprint {
        if (apps < 1 || days < 1 || (long) apps * days > MOST_APP_DAYS) {
            throw new IllegalArgumentException(
                    "a foundation has at least one app and one day, and at most " + MOST_APP_DAYS + " apps times days");
        }
        if (!from.equals(from.truncatedTo(ChronoUnit.SECONDS))) {
            throw new IllegalArgumentException("a foundation begins at a whole second, not at " + from);
        }
    }

    /** When its story ends; nothing of it happens then or later. */
    public Instant until() {
        return from.plus(Duration.ofDays(days));
    }

    /**
     * The guid of the event that it begins with, at {@link #from}. Guids do not depend on when a foundation begins, so that whoever has
     * this event on record knows from its time when that was.
     */
    public String foundingGuid() {
        return eventGuid(0, 0);
    }

    String eventGuid(int app, int number) {
        return guid("event/" + app + "/" + number);
    }

    /** The guid of what has this name in this foundation, the same each time. */
    String guid(String name) {
        String whole = "foundation/" + seed + "/" + apps + "/" + days + "/" + name;
        return UUID.nameUUIDFromBytes(whole.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Chance of its own for each stream, so that one app's fate does not hang on another's. */
    RandomGenerator chance(long stream) {
        return CHANCE.create((seed ^ (stream * GOLDEN)) * GOLDEN + stream);
    }
}
