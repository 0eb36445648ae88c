package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.api.observe.TraceSettings;

/** Where spans and log lines go, as the environment says it; what cannot be is refused in one sentence that names the variable. */
class ServiceVariablesTest {

    @Nested
    class Of_traces {
        private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
        private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
        private static final String RATIO = "OTEL_TRACES_SAMPLER_ARG";

        private static TraceSettings from(Map<String, String> environment) {
            Map<String, String> whole = new HashMap<>(Map.of(ENDPOINT, "http://127.0.0.1:4318"));
            whole.putAll(environment);
            return new TraceVariables(new Variables(whole)).traces();
        }

        private static void isRefused(String name, String value) {
            assertThatThrownBy(() -> from(Map.of(name, value)))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageStartingWith(name + " is ")
                    .hasMessageEndingWith(".")
                    .message()
                    .doesNotContain("hunter2", "\n");
        }

        @Test
        void none_are_sent_unless_it_is_said_where() {
            assertThat(from(Map.of(ENDPOINT, " ", RATIO, "nonsense"))).isSameAs(TraceSettings.OFF);
        }

        @Test
        void are_all_sent_under_the_services_name_unless_it_is_said_otherwise() {
            TraceSettings usual = from(Map.of());
            assertThat(usual.exporter()).isPresent();
            assertThat(usual.ratio()).isEqualTo(1);
            assertThat(usual.service()).isEqualTo("usage-ledger");

            TraceSettings told = from(Map.of(RATIO, "0.25", "OTEL_SERVICE_NAME", "west"));
            assertThat(told.ratio()).isEqualTo(0.25);
            assertThat(told.service()).isEqualTo("west");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "127.0.0.1:4318",
                    "grpc://127.0.0.1:4317",
                    "http://",
                    "http:///v1/traces",
                    "https://clerk:hunter2@collector",
                    "https://collector?token=hunter2",
                    "not an address"
                })
        void go_to_an_address_that_can_be_asked(String address) {
            isRefused(ENDPOINT, address);
        }

        @ParameterizedTest
        @ValueSource(strings = {"0.5x", "half", "-0.1", "1.01", "NaN", "Infinity"})
        void are_kept_in_a_part_from_0_to_1(String ratio) {
            isRefused(RATIO, ratio);
        }

        @ParameterizedTest
        @ValueSource(strings = {"hunter2", "a=b,hunter2", "a=b,", "a=%zzhunter2", "a=hunter2,a=hunter2", "=hunter2"})
        void carry_headers_that_have_names_and_values_and_are_not_repeated_where_they_are_not(String headers) {
            isRefused(HEADERS, headers);
        }

        @ParameterizedTest
        @ValueSource(strings = {"a=b", "a=b,c=d", " authorization = Bearer%20hunter2 , x=1=2", "a="})
        void carry_headers_percent_encoded(String headers) {
            assertThat(from(Map.of(HEADERS, headers)).toString()).doesNotContain("hunter2");
        }
    }

    @Nested
    class Of_logs {
        @ParameterizedTest
        @CsvSource({"text", "json", "' json '", "''"})
        void take_the_forms_there_are(String form) {
            assertThatCode(() -> LogForm.check(new Variables(Map.of("LEDGER_LOG_FORMAT", form))))
                    .doesNotThrowAnyException();
        }

        @ParameterizedTest
        @ValueSource(strings = {"JSON", "xml", "text,json"})
        void refuse_others_because_nothing_would_be_logged(String form) {
            assertThatThrownBy(() -> LogForm.check(new Variables(Map.of("LEDGER_LOG_FORMAT", form))))
                    .isInstanceOf(StartRefused.class)
                    .hasMessage("LEDGER_LOG_FORMAT is \"" + form + "\"; set it to text or json.");
        }
    }
}
