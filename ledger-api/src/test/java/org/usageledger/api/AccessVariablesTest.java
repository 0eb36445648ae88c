package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
                        "usage_ledger",
                        Optional.empty()));
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

    @Test
    void without_authentication_only_this_machine_is_served() {
        DatabaseAddress nowhere = new DatabaseAddress("jdbc:postgresql://127.0.0.1:9/none", "nobody", "");
        assertThatThrownBy(() -> Service.start(Settings.of(nowhere).listening("0.0.0.0", 0)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("LEDGER_AUTH");
    }
}
