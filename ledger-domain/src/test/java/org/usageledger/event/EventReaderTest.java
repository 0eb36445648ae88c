package org.usageledger.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.usageledger.event.Reading.APP;
import static org.usageledger.event.Reading.SERVICE;
import static org.usageledger.event.Reading.event;
import static org.usageledger.event.Reading.problems;
import static org.usageledger.event.Reading.read;

import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.lifecycle.EventKind;

class EventReaderTest {

    @Nested
    class A_valid_event {
        @Test
        void of_an_app_is_read_field_by_field() {
            AppUsageEvent event = (AppUsageEvent) event(APP);

            assertThat(event)
                    .isEqualTo(new AppUsageEvent(
                            "e-1",
                            Instant.parse("2026-01-02T03:04:05Z"),
                            "STARTED",
                            "STOPPED",
                            new Ref("a-1", "shop"),
                            new Ref("p-1", "web"),
                            new Ref("s-1", "dev"),
                            new Ref("o-1", null),
                            Ref.NONE,
                            Ref.NONE,
                            new Change(512, null),
                            new Change(2, 1),
                            event.body()));
        }

        @Test
        void of_a_service_is_read_field_by_field() {
            ServiceUsageEvent event = (ServiceUsageEvent) event(SERVICE);

            assertThat(event)
                    .isEqualTo(new ServiceUsageEvent(
                            "e-2",
                            Instant.parse("2026-01-02T02:04:05Z"),
                            "CREATED",
                            new Ref("s-1", "dev"),
                            new Ref("o-1", null),
                            new Ref("i-1", "db"),
                            "managed_service_instance",
                            new Ref("pl-1", "small"),
                            new Ref("of-1", "postgres"),
                            Ref.NONE,
                            event.body()));
        }

        @Test
        void keeps_unknown_fields_number_texts_and_order_but_not_the_envelopes_kind() {
            String sent =
                    "{\"kind\":\"service\",\"x\":{\"kind\":[1.50,-0,1e400,{}],\"ü\":\"\\ud83d\\ude00 \\\"\\n\\u0001\"},"
                            + "\"guid\":\"g\",\"created_at\":\"2026-01-02T03:04:05Z\",\"state\":\"ODD\",\"y\":[true,false,null]}";

            assertThat(event(sent).body().toString())
                    .isEqualTo(
                            "{\"x\":{\"kind\":[1.50,-0,1e400,{}],\"ü\":\"😀 \\\"\\n\\u0001\"},"
                                    + "\"guid\":\"g\",\"created_at\":\"2026-01-02T03:04:05Z\",\"state\":\"ODD\",\"y\":[true,false,null]}");
        }

        @Test
        void may_leave_the_kind_out_where_its_way_says_it() {
            String withoutKind = APP.replace("\"kind\":\"app\",", "");

            assertThat(read(withoutKind, EventLimits.DEFAULT, EventKind.APP)).isInstanceOf(Decoded.Event.class);
            assertThat(problems(read(withoutKind))).startsWith("kind: is missing");
            assertThat(problems(read(APP, EventLimits.DEFAULT, EventKind.SERVICE)))
                    .contains("kind: is not \"service\"");
        }

        @Test
        void of_a_state_that_nobody_declared_needs_no_resource() {
            assertThat(event(
                                    "{\"kind\":\"app\",\"guid\":\"g\",\"created_at\":\"2026-01-02T03:04:05Z\",\"state\":{\"current\":\"NEW\"}}")
                            .resource())
                    .isEmpty();
        }

        @Test
        void is_the_same_content_with_its_fields_in_another_order() {
            String turned =
                    "{\"state\":\"CREATED\",\"kind\":\"service\",\"created_at\":\"2026-01-02T02:04:05Z\",\"guid\":\"e-2\","
                            + "\"service_instance\":{\"type\":\"managed_service_instance\",\"name\":\"db\",\"guid\":\"i-1\"},"
                            + "\"service_plan\":{\"guid\":\"pl-1\",\"name\":\"small\"},\"service_offering\":{\"guid\":\"of-1\",\"name\":\"postgres\"},"
                            + "\"organization\":{\"guid\":\"o-1\"},\"space\":{\"guid\":\"s-1\",\"name\":\"dev\"},\"links\":{}}";

            assertThat(ContentHash.of(event(turned))).isEqualTo(ContentHash.of(event(SERVICE)));
        }
    }

    @Nested
    class A_malformed_event {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "\"guid\":\"e-1\"|\"guid\":7|guid: is a number",
                    "\"guid\":\"e-1\"|\"guid\":\"\"|guid: is empty",
                    "\"guid\":\"e-1\"|\"guid\":null|guid: is missing or null",
                    "\"guid\":\"e-1\"|\"guid\":\"a\\u0000b\"|guid: holds U+0000",
                    "\"guid\":\"e-1\"|\"guid\":\"a\\ud800b\"|guid: holds U+0000 or half of a surrogate",
                    "\"guid\":\"e-1\"|\"guid\":\"e-1\",\"guid\":\"e-1\"|guid: stands twice",
                    "\"created_at\":\"2026-01-02T03:04:05Z\"|\"created_at\":\"2026-01-02\"|created_at: is no time",
                    "\"created_at\":\"2026-01-02T03:04:05Z\"|\"created_at\":1767323045|created_at: is a number",
                    "\"created_at\":\"2026-01-02T03:04:05Z\"|\"x\":1|created_at: is missing",
                    "\"current\":\"STARTED\"|\"current\":\"\"|state.current: is empty",
                    "\"current\":\"STARTED\"|\"current\":1.5|state.current: is a number",
                    "\"current\":\"STARTED\"|\"currant\":\"STARTED\"|state.current: is missing",
                    "{\"current\":\"STARTED\",\"previous\":\"STOPPED\"}|\"STARTED\"|state: is a string",
                    "{\"current\":\"STARTED\",\"previous\":\"STOPPED\"}|[\"STARTED\"]|state: is an array",
                    "{\"guid\":\"a-1\",\"name\":\"shop\"}|\"a-1\"|app: is a string; send an object",
                    "\"guid\":\"p-1\",|\"guid\":null,|process.guid: is missing, null or empty; STARTED",
                    "\"guid\":\"p-1\",|\"guid\":\"\",|process.guid: is missing, null or empty; STARTED",
                    "\"guid\":\"p-1\",|\"guid\":{\"a\":1},|process.guid: is an object",
                    "\"current\":512|\"current\":-1|memory_in_mb_per_instance.current: is a number",
                    "\"current\":512|\"current\":2147483648|memory_in_mb_per_instance.current: is a number",
                    "\"current\":512|\"current\":512.0|memory_in_mb_per_instance.current: is a number",
                    "\"current\":512|\"current\":1e2|memory_in_mb_per_instance.current: is a number",
                    "\"current\":512|\"current\":\"512\"|memory_in_mb_per_instance.current: is a string",
                    "\"current\":2|\"current\":true|instance_count.current: is true or false",
                    "\"kind\":\"app\"|\"kind\":\"App\"|kind: is neither",
                    "\"kind\":\"app\"|\"kind\":{\"a\":[]}|kind: is an object",
                    "\"kind\":\"app\"|\"kind\":\"app\",\"x\":{\"y\":{\"z\":1,\"z\":2}}|x.y.z: stands twice",
                    "\"kind\":\"app\"|\"kind\":\"app\",\"a\\u0000\":1|: has a name that holds U+0000",
                })
        void names_the_field_and_what_to_do(String part, String replacement, String problem) {
            assertThat(APP).contains(part);
            assertThat(problems(read(APP.replace(part, replacement)))).contains(problem);
        }

        @Test
        void lists_all_its_problems() {
            assertThat(problems(read("{\"kind\":\"app\",\"guid\":1,\"state\":{\"current\":\"STARTED\"},\"app\":3}"))
                            .lines())
                    .hasSize(3);
        }

        @Test
        void is_not_judged_by_fields_of_the_other_kind() {
            assertThat(read(SERVICE.replace("{\"guid\":\"e-2\"", "{\"app\":5,\"guid\":\"e-2\"")))
                    .isInstanceOf(Decoded.Event.class);
            assertThat(problems(read(SERVICE.replace("\"CREATED\"", "{\"current\":\"CREATED\"}"))))
                    .contains("state: is an object");
        }

        @ParameterizedTest
        @ValueSource(strings = {"TASK_STARTED", "TASK_STOPPED", "TASK_WAS_RUNNING"})
        void of_a_task_needs_the_tasks_guid(String state) {
            assertThat(problems(read(APP.replace("STARTED", state)))).startsWith("task.guid: is missing");
        }

        @Test
        void of_a_staging_needs_the_apps_guid() {
            assertThat(problems(read(APP.replace("STARTED", "STAGING_STARTED").replace("a-1", ""))))
                    .startsWith("app.guid: is missing");
        }

        @Test
        void does_not_disturb_the_next_one() {
            EventReader reader = new EventReader(EventLimits.DEFAULT);
            read(
                    reader,
                    "{\"kind\":\"app\",\"guid\":1,\"x\":{\"y\":[[]]},\"task\":{\"guid\":\"t\"}}",
                    EventLimits.DEFAULT,
                    null);

            assertThat(read(reader, APP, EventLimits.DEFAULT, null)).isEqualTo(read(APP));
        }
    }

    @Nested
    class Limits {
        @Test
        void guids_have_at_most_255_characters_and_states_64() {
            assertThat(event(APP.replace("e-1", "g".repeat(255))).guid()).hasSize(255);
            assertThat(problems(read(APP.replace("e-1", "g".repeat(256))))).startsWith("guid: has 256 characters");
            assertThat(problems(read(APP.replace("p-1", "g".repeat(256))))).startsWith("process.guid: has 256");
            assertThat(problems(read(APP.replace("STARTED", "S".repeat(65))))).startsWith("state.current: has 65");
        }

        @Test
        void an_event_may_be_as_large_as_the_limit_says_and_no_larger() {
            int room = EventLimits.DEFAULT.eventBytes() - event(APP).body().length() + "shop".length();

            assertThat(event(APP.replace("shop", "n".repeat(room))).body().length())
                    .isEqualTo(EventLimits.DEFAULT.eventBytes());
            assertThat(read(APP.replace("shop", "n".repeat(room + 1))))
                    .isEqualTo(new Decoded.TooLarge(7, EventLimits.DEFAULT.eventBytes()));
        }

        @Test
        void nesting_is_bounded() {
            assertThat(event(nested(31))).isNotNull();
            assertThat(problems(read(nested(32)))).contains("is nested deeper than 32");
            assertThatThrownBy(() -> read(nested(10_000))).hasMessageContaining("nesting depth");
        }

        private static String nested(int arrays) {
            return APP.replace("\"kind\":\"app\"", "\"kind\":\"app\",\"x\":" + "[".repeat(arrays) + "]".repeat(arrays));
        }

        @Test
        void an_object_of_very_many_fields_is_still_checked_for_names_that_stand_twice() {
            StringBuilder fields = new StringBuilder("\"kind\":\"app\",\"x\":{");
            for (int i = 0; i < 5_000; i++) {
                fields.append("\"f").append(i).append("\":1,");
            }
            String object = fields + "\"f4711\":2}";

            assertThat(problems(read(APP.replace("\"kind\":\"app\"", object)))).startsWith("x.f4711: stands twice");
        }
    }
}
