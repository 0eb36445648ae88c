package org.usageledger.api.foundation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** The organizations and spaces of a foundation, and the apps that come to live in them. */
final class Landscape {
    private static final long STREAM = -2;
    private static final List<String> ORGANIZATIONS = List.of(
            "retail",
            "payments",
            "logistics",
            "claims",
            "billing",
            "identity",
            "search",
            "media",
            "analytics",
            "support",
            "mobile",
            "partners",
            "treasury",
            "loyalty",
            "pricing",
            "catalog",
            "fraud",
            "travel",
            "energy",
            "research");
    private static final List<String> SUBJECTS = List.of(
            "checkout",
            "cart",
            "orders",
            "invoice",
            "shipping",
            "stock",
            "login",
            "profile",
            "search",
            "pricing",
            "reports",
            "mail",
            "ledger",
            "quotes",
            "returns",
            "coupons",
            "payments",
            "reviews",
            "booking",
            "metrics",
            "archive",
            "images",
            "address",
            "contract",
            "audit");
    private static final List<String> ROLES =
            List.of("api", "web", "gateway", "sync", "admin", "batch", "feed", "proxy");
    /** What a space is called, as often as it is chosen. */
    private static final List<String> SPACES =
            List.of("prod", "prod", "prod", "prod", "dev", "dev", "dev", "dev", "staging", "staging");

    private static final List<String> BUILDPACKS = List.of(
            "java_buildpack",
            "java_buildpack",
            "nodejs_buildpack",
            "nodejs_buildpack",
            "ruby_buildpack",
            "python_buildpack",
            "go_buildpack",
            "staticfile_buildpack",
            "");
    private static final Map<String, Integer> MEMORY_MB = Map.of(
            "java_buildpack",
            1024,
            "nodejs_buildpack",
            512,
            "ruby_buildpack",
            512,
            "python_buildpack",
            512,
            "go_buildpack",
            128,
            "staticfile_buildpack",
            64,
            "",
            256);
    private static final int APPS_PER_ORGANIZATION = 25;

    private final Blueprint blueprint;
    private final RandomGenerator chance;
    private final Map<String, String> organizations = new TreeMap<>();

    Landscape(Blueprint blueprint) {
        this.blueprint = blueprint;
        this.chance = blueprint.chance(STREAM);
    }

    List<App> apps() {
        List<App> apps = new ArrayList<>(blueprint.apps());
        for (int number = 0; number < blueprint.apps(); number++) {
            apps.add(app(number));
        }
        return apps;
    }

    /** Names of those that apps live in, by guid. */
    Map<String, String> organizations() {
        return organizations;
    }

    private App app(int number) {
        Ref ref = new Ref(blueprint.guid("app/" + number), name(number));
        Place place = place();
        Instant born = born(number);
        return new App(number, ref, place, software(), habits(place), born, dies(born));
    }

    private static String name(int number) {
        String name = SUBJECTS.get(number % SUBJECTS.size()) + "-" + ROLES.get(number / SUBJECTS.size() % ROLES.size());
        int round = number / (SUBJECTS.size() * ROLES.size());
        return round == 0 ? name : name + "-" + (round + 1);
    }

    /** A few organizations hold most of the apps. */
    private Place place() {
        int count = Math.max(1, blueprint.apps() / APPS_PER_ORGANIZATION);
        double lot = chance.nextDouble();
        int number = (int) (count * lot * lot);
        int round = number / ORGANIZATIONS.size();
        String name = ORGANIZATIONS.get(number % ORGANIZATIONS.size()) + (round == 0 ? "" : "-" + (round + 1));
        Ref organization = new Ref(blueprint.guid("organization/" + name), name);
        organizations.put(organization.key(), name);
        String space = SPACES.get(chance.nextInt(SPACES.size()));
        return new Place(organization, new Ref(blueprint.guid("space/" + name + "/" + space), space));
    }

    private App.Software software() {
        String buildpack = BUILDPACKS.get(chance.nextInt(BUILDPACKS.size()));
        Ref ref = buildpack.isEmpty() ? Ref.NONE : new Ref(blueprint.guid("buildpack/" + buildpack), buildpack);
        return new App.Software(ref, MEMORY_MB.getOrDefault(buildpack, 256));
    }

    private App.Habits habits(Place place) {
        boolean production = place.production();
        boolean development = place.development();
        return new App.Habits(
                production ? chance.nextInt(2, 7) : 1,
                chance.nextInt(100) < 25,
                production ? chance.nextInt(100) < 75 : chance.nextInt(100) < 15,
                development && chance.nextInt(100) < 40,
                production && chance.nextInt(100) < 40,
                chance.nextInt(100) < 25,
                development ? 0.35 : production ? 0.12 : 0.2);
    }

    /** Most move in on the first day; the first of all at its very beginning. */
    private Instant born(int number) {
        long first = Duration.ofDays(1).toSeconds();
        long whole = Duration.ofDays(blueprint.days()).toSeconds() * 4 / 5;
        long after = chance.nextInt(100) < 60 ? chance.nextLong(first) : chance.nextLong(whole);
        return blueprint.from().plusSeconds(number == 0 ? 0 : after);
    }

    private Instant dies(Instant born) {
        long age = chance.nextLong(Duration.ofDays(blueprint.days()).toSeconds());
        boolean mortal = chance.nextInt(100) < 8;
        return mortal
                ? born.plus(Duration.ofDays(1)).plusSeconds(age)
                : blueprint.until().plus(Duration.ofDays(1));
    }
}
