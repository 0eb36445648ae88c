package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.api.access.AccessSettings;
import org.usageledger.api.access.AccessSettings.Authentication;
import org.usageledger.postgres.DatabaseAddress;

/** Who may, as the environment says it; what is not enough is refused in one sentence that says what is missing. */
class AccessVariablesTest {
    private static final Map<String, String> WHOLE = Map.of(
            "LEDGER_AUTH", "jwt",
            "LEDGER_JWKS_URL", "https://uaa.example/token_keys",
            "LEDGER_ISSUER", "https://uaa.example/oauth/token",
            "LEDGER_AUDIENCE", "usage_ledger");

    private static final DatabaseAddress NOWHERE =
            new DatabaseAddress("jdbc:postgresql://127.0.0.1:9/none", "nobody", "");

    private static AccessVariables with(String name, String value) {
        Map<String, String> changed = new HashMap<>(WHOLE);
        changed.put(name, value);
        return new AccessVariables(new Variables(changed));
    }

    @Test
    void tokens_are_asked_for_where_it_is_said_how() {
        assertThat(new AccessVariables(new Variables(WHOLE)).access().authentication())
                .isEqualTo(new Authentication.Jwt(
                        URI.create("https://uaa.example/token_keys"),
                        "https://uaa.example/oauth/token",
                        Set.of("usage_ledger"),
                        Optional.empty()));
    }

    @Test
    void tokens_may_be_for_one_of_several() {
        assertThat(with("LEDGER_AUDIENCE", " usage_ledger, cloud_controller ,")
                        .access()
                        .authentication())
                .extracting(authentication -> ((Authentication.Jwt) authentication).audiences())
                .isEqualTo(Set.of("usage_ledger", "cloud_controller"));
        assertThatThrownBy(() -> with("LEDGER_AUDIENCE", " , ").access()).isInstanceOf(StartRefused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LEDGER_JWKS_URL", "LEDGER_ISSUER", "LEDGER_AUDIENCE"})
    void what_says_how_tokens_are_checked_is_not_passed_over_where_none_are_asked_for(String name) {
        Map<String, String> alone = Map.of(name, WHOLE.getOrDefault(name, ""));

        assertThatThrownBy(() -> new AccessVariables(new Variables(alone)).access())
                .isInstanceOf(StartRefused.class)
                .hasMessageStartingWith(name + " is set, but LEDGER_AUTH is not");
        Map<String, String> meant = Map.of(name, WHOLE.getOrDefault(name, ""), "LEDGER_AUTH", "none");
        assertThat(new AccessVariables(new Variables(meant)).access().isOpen()).isTrue();
    }

    @Test
    void nobody_is_asked_and_nobody_limited_by_default() {
        AccessVariables none = new AccessVariables(new Variables(Map.of()));
        assertThat(none.access()).isEqualTo(AccessSettings.OPEN);
        assertThat(none.tls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LEDGER_JWKS_URL", "LEDGER_ISSUER", "LEDGER_AUDIENCE"})
    void each_part_is_needed(String name) {
        assertThatThrownBy(() -> with(name, " ").access())
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(name + " has to be set");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://uaa.example/token_keys",
                "http://192.0.2.1/keys",
                "https://clerk:hunter2@uaa.example/keys",
                "file:///etc/keys",
                "uaa.example",
                "https:///keys",
                "not an address"
            })
    void keys_come_by_a_way_on_which_nobody_can_change_them(String address) {
        assertThatThrownBy(() -> with("LEDGER_JWKS_URL", address).access())
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("LEDGER_JWKS_URL")
                .message()
                .doesNotContain("hunter2");
    }

    @Test
    void keys_may_come_in_the_clear_from_this_machine() {
        assertThat(with("LEDGER_JWKS_URL", "http://127.0.0.1:8081/keys")
                        .access()
                        .isOpen())
                .isFalse();
    }

    @Test
    void what_is_no_way_to_say_who_you_are_is_refused() {
        assertThatThrownBy(() -> with("LEDGER_AUTH", "basic").access()).hasMessageContaining("none or jwt");
    }

    @Test
    void a_rate_has_a_burst() {
        assertThat(with("LEDGER_RATE_LIMIT", "50").access().rate()).contains(new AccessSettings.Rate(50, 100));
        assertThatThrownBy(() -> with("LEDGER_RATE_LIMIT", "-1").access()).isInstanceOf(StartRefused.class);
    }

    @Test
    void a_certificate_without_its_key_is_refused() {
        assertThatThrownBy(() -> with("LEDGER_TLS_KEY", "ledger.key").tls()).hasMessageContaining("go together");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void an_empty_address_is_refused_since_servers_take_it_for_every_address(String bind) {
        assertThatThrownBy(() -> Service.start(Settings.of(NOWHERE).listening(bind, 0)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("LEDGER_BIND");
    }

    @ParameterizedTest
    @CsvSource({"localhost,127.0.0.1", "127.1,127.0.0.1", "::1,[0:0:0:0:0:0:0:1]"})
    void the_server_is_told_an_address_and_never_a_name(String bind, String numeric) {
        assertThat(ListenAddress.of(Settings.of(NOWHERE).listening(bind, 0)).numeric())
                .isEqualTo(numeric);
    }

    @ParameterizedTest
    @CsvSource({"localhost,http://localhost:80", "::1,http://[::1]:80", "[::1],http://[::1]:80"})
    void clients_are_told_the_name_that_was_given(String bind, String url) {
        assertThat(ListenAddress.of(Settings.of(NOWHERE).listening(bind, 0)).url("http", 80))
                .hasToString(url);
    }

    @Test
    void without_authentication_only_this_machine_is_served() {
        assertThatThrownBy(() -> Service.start(Settings.of(NOWHERE).listening("0.0.0.0", 0)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("LEDGER_AUTH");
    }
}
