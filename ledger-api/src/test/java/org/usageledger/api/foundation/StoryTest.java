package org.usageledger.api.foundation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.usageledger.api.foundation.Occurrence.OfApp;
import org.usageledger.api.foundation.Occurrence.OfService;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

class StoryTest {
    private static final Instant FROM = Instant.parse("2026-03-02T09:30:15Z");

    private static Blueprint blueprint(long seed, int apps) {
        return new Blueprint(seed, apps, 40, FROM);
    }

    /** Thousands of lives, each as Cloud Controller would tell it. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class EveryLife {
        private final long seed = Long.getLong("ledger.seed", 4711);
        private final Blueprint blueprint = blueprint(seed, 3_000);
        private final List<Occurrence> happened = Story.happened(blueprint, new Landscape(blueprint));
        private final Story story = Story.of(blueprint);

        @Test
        void is_valid_from_its_first_event_to_its_last() {
            LifeChecker checker = new LifeChecker();

            happened.forEach(checker::take);

            assertThat(checker.breaches()).as("seed " + seed).isEmpty();
        }

        @Test
        void is_told_in_the_order_of_time_and_within_its_days() {
            assertThat(story.told())
                    .as("seed " + seed)
                    .isSortedAccordingTo((one, other) ->
                            one.occasion().at().compareTo(other.occasion().at()))
                    .allMatch(each -> !each.occasion().at().isBefore(FROM)
                            && each.occasion().at().isBefore(blueprint.until()));
        }

        @Test
        void has_a_guid_of_its_own_for_each_event() {
            assertThat(happened.stream().map(each -> each.occasion().guid()).distinct())
                    .as("seed " + seed)
                    .hasSize(happened.size());
        }

        @Test
        void loses_nothing_but_endings_and_those_in_outages() {
            Outages outages = Outages.of(blueprint);
            Set<String> ending = Set.of("STOPPED", "TASK_STOPPED", "DELETED", "STAGING_STOPPED");

            assertThat(happened.stream().filter(each -> each.occasion().lost()))
                    .as("seed " + seed)
                    .isNotEmpty()
                    .allMatch(each -> ending.contains(each.state())
                            && outages.swallow(each.occasion().at()));
        }

        @Test
        void runs_at_the_end_as_its_own_events_say_and_by_those_told_a_little_more() {
            assertThat(story.running()).as("seed " + seed).isEqualTo(plainlyOpen(happened));
            assertThat(story.believed()).isEqualTo(plainlyOpen(story.told())).containsAll(story.running());
            assertThat(story.endedUntold()).isNotEmpty().doesNotContainAnyElementsOf(story.running());
        }

        /** Without the domain's fold: what last happened to each resource was no ending. */
        private Set<Resource> plainlyOpen(List<Occurrence> events) {
            Map<Resource, String> latest = new HashMap<>();
            for (Occurrence each : events) {
                each.resource().ifPresent(resource -> latest.put(resource, each.state()));
            }
            return latest.entrySet().stream()
                    .filter(each ->
                            !Set.of("STOPPED", "TASK_STOPPED", "DELETED").contains(each.getValue()))
                    .map(Map.Entry::getKey)
                    .filter(resource -> resource.kind() != ResourceKind.STAGING)
                    .collect(Collectors.toSet());
        }

        @Test
        void is_like_those_of_real_foundations() {
            Map<String, Predicate<Occurrence>> sights = new HashMap<>();
            sights.put(
                    "a scaling out",
                    sizes(each -> each.now().instances() > each.before().instances()));
            sights.put(
                    "a scaling in",
                    sizes(each -> each.now().instances() < each.before().instances()));
            sights.put(
                    "another memory",
                    sizes(each -> each.now().memoryMb() != each.before().memoryMb()));
            sights.put("an old version at 0 instances", sizes(each -> each.now().instances() == 0));
            sights.put("a cancelled task", app(each -> each.transition().equals(Transition.TASK_CANCELLED)));
            sights.put(
                    "a worker",
                    app(each -> "worker".equals(each.subject().process().name())));
            sights.put(
                    "an app without a buildpack",
                    app(each -> each.state().equals("STARTED")
                            && each.subject().buildpack().equals(Ref.NONE)));
            sights.put(
                    "a version beside the old one",
                    app(each -> each.transition().equals(Transition.STARTED)
                            && "web".equals(each.subject().process().name())
                            && !each.app().key().equals(each.subject().process().key())));
            sights.put("a change of plan", service(each -> each.state().equals("UPDATED")));
            sights.put(
                    "a user-provided service",
                    service(each -> each.instance().plan().equals(Ref.NONE)));
            sights.put("a deleted service", service(each -> each.state().equals("DELETED")));

            Set<String> seen = new HashSet<>();
            sights.forEach((name, sight) -> {
                if (story.told().stream().anyMatch(sight)) {
                    seen.add(name);
                }
            });
            assertThat(seen).as("seed " + seed).isEqualTo(sights.keySet());
        }

        private Predicate<Occurrence> sizes(Predicate<Occurrence.Sizing> wanted) {
            return app(each -> each.transition().equals(Transition.SCALED) && wanted.test(each.sizing()));
        }

        private Predicate<Occurrence> app(Predicate<OfApp> wanted) {
            return each -> each instanceof OfApp app && wanted.test(app);
        }

        private Predicate<Occurrence> service(Predicate<OfService> wanted) {
            return each -> each instanceof OfService service && wanted.test(service);
        }
    }

    @Test
    void the_same_blueprint_is_the_same_story_to_the_byte() {
        assertThat(lines(Story.of(blueprint(7, 40)))).isEqualTo(lines(Story.of(blueprint(7, 40))));
    }

    @Test
    void another_seed_is_another_foundation() {
        Set<String> guids = new HashSet<>(guids(Story.of(blueprint(7, 40))));

        assertThat(guids).doesNotContainAnyElementsOf(guids(Story.of(blueprint(8, 40))));
    }

    @Test
    void it_begins_with_the_founding_event_whenever_it_begins() {
        Blueprint later = new Blueprint(7, 40, 40, FROM.plus(Duration.ofDays(3)));

        assertThat(Story.of(later).told().getFirst().occasion().guid())
                .isEqualTo(blueprint(7, 40).foundingGuid());
        assertThat(Story.of(later).told().getFirst().occasion().at()).isEqualTo(later.from());
    }

    @Test
    void the_smallest_foundation_lives_too() {
        assertThat(Story.of(new Blueprint(1, 1, 1, FROM)).told()).isNotEmpty();
    }

    @Test
    void a_foundation_that_does_not_fit_into_memory_is_refused() {
        assertThatThrownBy(() -> blueprint(1, 1_000_000)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> lines(Story story) {
        return story.told().stream()
                .map(each -> new String(EventJson.of(each), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> guids(Story story) {
        return story.told().stream().map(each -> each.occasion().guid()).toList();
    }
}
