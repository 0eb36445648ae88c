package org.usageledger.api.foundation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.usageledger.api.foundation.Occurrence.ServiceInstance;

/** The service instance of one app, if it needs one: created before the app runs, given larger plans, renamed, deleted with it. */
final class Services {
    private static final List<String> OFFERINGS = List.of("postgres", "postgres", "redis", "rabbitmq", "object-store");
    private static final List<String> PLANS = List.of("small", "medium", "large", "xlarge");

    private final Blueprint blueprint;
    private final App app;
    private final Chronicle chronicle;
    private final RandomGenerator chance;

    Services(Blueprint blueprint, App app, Chronicle chronicle, RandomGenerator chance) {
        this.blueprint = blueprint;
        this.app = app;
        this.chronicle = chronicle;
        this.chance = chance;
    }

    void live() {
        int lot = chance.nextInt(100);
        if (lot < 45) {
            managed();
        } else if (lot < 55) {
            userProvided();
        }
    }

    private void managed() {
        String offering = OFFERINGS.get(chance.nextInt(OFFERINGS.size()));
        int plan = chance.nextInt(2);
        ServiceInstance instance = new ServiceInstance(
                new Ref(blueprint.guid("service/" + app.number()), app.ref().name() + "-" + offering),
                plan(offering, plan),
                new Ref(blueprint.guid("offering/" + offering), offering),
                new Ref(blueprint.guid("broker/data-services"), "data-services"));
        Instant at = app.born().plusSeconds(chance.nextInt(5, 30));
        chronicle.write(at, "CREATED", instance);
        at = later(at);
        while (chance.nextInt(100) < 25 && plan + 1 < PLANS.size() && at.isBefore(app.dies())) {
            instance =
                    new ServiceInstance(instance.ref(), plan(offering, ++plan), instance.offering(), instance.broker());
            chronicle.write(at, "UPDATED", instance);
            at = later(at);
        }
        if (chance.nextInt(100) < 4 && at.isBefore(app.dies())) {
            Ref renamed = new Ref(instance.ref().guid(), instance.ref().name() + "-old");
            instance = new ServiceInstance(renamed, instance.plan(), instance.offering(), instance.broker());
            chronicle.write(at, "UPDATED", instance);
        }
        chronicle.write(app.dies().plusSeconds(chance.nextInt(1, 600)), "DELETED", instance);
    }

    private void userProvided() {
        Ref ref = new Ref(blueprint.guid("service/" + app.number()), app.ref().name() + "-logdrain");
        ServiceInstance instance = new ServiceInstance(ref, Ref.NONE, Ref.NONE, Ref.NONE);
        chronicle.write(app.born().plusSeconds(chance.nextInt(5, 30)), "CREATED", instance);
        chronicle.write(app.dies().plusSeconds(chance.nextInt(1, 600)), "DELETED", instance);
    }

    private Ref plan(String offering, int plan) {
        return new Ref(blueprint.guid("plan/" + offering + "/" + PLANS.get(plan)), PLANS.get(plan));
    }

    private Instant later(Instant at) {
        return at.plusSeconds(
                chance.nextLong(3600, 3600 + Duration.ofDays(blueprint.days()).toSeconds() / 2));
    }
}
