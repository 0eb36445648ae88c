package org.usageledger.retention;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.usageledger.lifecycle.Effect;

/** Retention as it is, and as it must not be. */
enum Variant {
    AS_IT_IS,
    JUDGES_AMONG_OLD_ONES_ONLY,
    DELETES_ENDINGS_FIRST,
    A_LATER_SIZE_NEED_NOT_BE_OLD,
    A_BASELINE_SIZES,
    WHAT_BEGAN_THE_RUN_GOES_TOO,
    A_YOUNG_ENDING_SUFFICES,
    AN_OLD_ENDING_GOES,
    RUNS_BY_TIME;

    /** What goes, in the order in which it is deleted. */
    List<Aged> gone(List<Aged> events) {
        List<Aged> gone = chosen(events);
        return this == DELETES_ENDINGS_FIRST
                ? gone.stream()
                        .sorted(Comparator.comparing((Aged event) -> event.effect() != Effect.ENDS)
                                .thenComparingLong(Aged::position))
                        .toList()
                : gone;
    }

    private List<Aged> chosen(List<Aged> events) {
        return switch (this) {
            case JUDGES_AMONG_OLD_ONES_ONLY ->
                judged(events.stream().filter(Aged::old).toList());
            case A_BASELINE_SIZES ->
                positions(
                        events,
                        judged(mapped(
                                events,
                                event -> event.effect() == Effect.BEGINS_AS_BASELINE
                                        ? with(event, Effect.BEGINS)
                                        : event)));
            case A_LATER_SIZE_NEED_NOT_BE_OLD ->
                positions(
                                events,
                                judged(mapped(
                                        events,
                                        event -> event.effect() == Effect.BEGINS
                                                ? new Aged(event.position(), event.effect(), true)
                                                : event)))
                        .stream()
                        .filter(Aged::old)
                        .toList();
            case A_YOUNG_ENDING_SUFFICES ->
                positions(
                                events,
                                judged(mapped(
                                        events,
                                        event -> event.effect() == Effect.ENDS
                                                ? new Aged(event.position(), event.effect(), true)
                                                : event)))
                        .stream()
                        .filter(Aged::old)
                        .toList();
            case WHAT_BEGAN_THE_RUN_GOES_TOO -> alsoWith(events, Reason.BEGAN_OPEN_RUN);
            case AN_OLD_ENDING_GOES -> alsoWith(events, Reason.BEGINNING_STAYS);
            case RUNS_BY_TIME -> byTime(events);
            case AS_IT_IS, DELETES_ENDINGS_FIRST -> judged(events);
        };
    }

    private static List<Aged> judged(List<Aged> events) {
        List<Reason> reasons = Forgetting.judge(events);
        return IntStream.range(0, events.size())
                .filter(i -> reasons.get(i).goes())
                .mapToObj(events::get)
                .toList();
    }

    private static List<Aged> alsoWith(List<Aged> events, Reason more) {
        List<Reason> reasons = Forgetting.judge(events);
        return IntStream.range(0, events.size())
                .filter(i -> reasons.get(i).goes() || reasons.get(i) == more)
                .mapToObj(events::get)
                .toList();
    }

    /** Old ones before young ones, as if clocks agreed with the log's order. */
    private static List<Aged> byTime(List<Aged> events) {
        List<Aged> sorted = new ArrayList<>(events);
        sorted.sort(Comparator.comparing(event -> !event.old()));
        List<Reason> reasons = Forgetting.judge(IntStream.range(0, sorted.size())
                .mapToObj(i ->
                        new Aged(i + 1L, sorted.get(i).effect(), sorted.get(i).old()))
                .toList());
        return IntStream.range(0, sorted.size())
                .filter(i -> reasons.get(i).goes())
                .mapToObj(sorted::get)
                .sorted(Comparator.comparingLong(Aged::position))
                .toList();
    }

    private static List<Aged> positions(List<Aged> events, List<Aged> of) {
        List<Long> positions = of.stream().map(Aged::position).toList();
        return events.stream()
                .filter(event -> positions.contains(event.position()))
                .toList();
    }

    private static List<Aged> mapped(List<Aged> events, UnaryOperator<Aged> change) {
        return events.stream().map(change).toList();
    }

    private static Aged with(Aged event, Effect effect) {
        return new Aged(event.position(), effect, event.old());
    }
}
