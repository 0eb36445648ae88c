package org.usageledger.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Lifecycle;

/** Retention that keeps what runs, case by case. An event is {@code STATE/resource/O} if it is old, {@code …/F} if it is fresh. */
class KeepRunningTest {
    private static final Pattern EVENT = Pattern.compile("([A-Z_]+)/(\\w+)/([OF])");

    @ParameterizedTest(name = "{0}: of {1} stay {2}")
    @CsvSource({
        "K1,  STARTED/x/O, 1",
        "K2,  STARTED/x/O STOPPED/x/F, 1 2",
        "K3,  STOPPED/x/O STARTED/x/O, 2",
        "K4,  STARTED/x/O STOPPED/x/O, ''",
        "K5,  STARTED/x/O STOPPED/x/O STARTED/x/O STOPPED/x/O, ''",
        "K6,  STOPPED/x/O, ''",
        "K7,  WAS_RUNNING/x/O, 1",
        "K8,  WAS_RUNNING/x/O STOPPED/x/O, ''",
        "K9,  STARTED/x/O WAS_RUNNING/x/O, 1 2",
        "K10, STARTED/x/O STARTED/x/O STARTED/x/O, 1 3",
        "K11, STARTED/x/O STARTED/x/O STARTED/x/F, 1 2 3",
        "K12, STARTED/x/O STOPPED/x/O STARTED/x/O STARTED/x/O, 3 4",
        "K13, STARTED/x/O STARTED/x/O STOPPED/x/O STARTED/x/O STARTED/x/O STARTED/x/O, 4 6",
        "K14, STARTED/x/O STOPPED/x/O STARTED/x/F, 3",
        "K15, STARTED/x/O STOPPED/x/O STOPPED/x/O, ''",
        "K16, STARTED/x/O WAS_RUNNING/x/O STARTED/x/O, 1 3",
        "K17, WAS_RUNNING/x/O STARTED/x/O STARTED/x/O, 1 3",
        "K18, STARTED/x/O STARTED/y/O STOPPED/x/O, 2",
        "K19, TASK_STARTED/t/O, 1",
        "K20, TASK_STARTED/t/O TASK_STOPPED/t/O, ''",
        "K20, TASK_STARTED/t/O TASK_STOPPED/t/F, 1 2",
        "K21, TASK_STARTED/t1/O TASK_STOPPED/t2/O, 1",
        "K22, TASK_WAS_RUNNING/t1/O TASK_WAS_RUNNING/t2/O TASK_WAS_RUNNING/t3/O, 1 2 3",
        "K23, TASK_WAS_RUNNING/t/O TASK_STOPPED/t/O, ''",
        "K24, BUILDPACK_SET/x/O STARTED/x/O, 2",
        "K25, WEIRD/x/O, ''",
        "K35, STARTED/x/O STARTED/x/O, 1 2",
        "K42, STARTED/x/O STOPPED/x/F STARTED/x/O STARTED/x/O, 1 2 3 4",
        // what the first of K42 says the other way round: a young size does not make an older one of an ended run stay
        "K42, STARTED/x/O STARTED/x/F STOPPED/x/O, 2 3",
    })
    void app(String name, String events, String stay) {
        assertThat(staying(EventKind.APP, events)).as(name).isEqualTo(positions(stay));
    }

    @ParameterizedTest(name = "{0}: of {1} stay {2}")
    @CsvSource({
        "K36, CREATED/s/O UPDATED/s/O UPDATED/s/O, 1 3",
        "K37, UPDATED/s/O DELETED/s/F, 1 2",
        "K38, CREATED/s/O UPDATED/s/O DELETED/s/O, ''",
        "K39, UPDATED/s/O, 1",
        "K40, CREATED/living/O WAS_RUNNING/baselined/O CREATED/gone/O DELETED/gone/O, 1 2",
    })
    void service(String name, String events, String stay) {
        assertThat(staying(EventKind.SERVICE, events)).as(name).isEqualTo(positions(stay));
    }

    private static List<Long> positions(String text) {
        return text.isBlank()
                ? List.of()
                : Pattern.compile(" ").splitAsStream(text).map(Long::valueOf).toList();
    }

    private static List<Long> staying(EventKind kind, String text) {
        Map<String, List<Aged>> resources = new TreeMap<>();
        Matcher event = EVENT.matcher(text);
        for (long position = 1; event.find(); position++) {
            String state = event.group(1);
            Effect effect = Lifecycle.declaring(kind, state)
                    .map(lifecycle -> lifecycle.effectOf(state))
                    .orElse(Effect.NONE);
            resources
                    .computeIfAbsent(event.group(2), _ -> new ArrayList<>())
                    .add(new Aged(position, effect, event.group(3).equals("O")));
        }
        return resources.values().stream()
                .flatMap(events -> Remaining.after(events).stream())
                .map(Aged::position)
                .sorted()
                .collect(Collectors.toList());
    }
}
