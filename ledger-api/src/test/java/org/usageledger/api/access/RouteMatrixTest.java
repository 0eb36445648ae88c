package org.usageledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.http.HttpMethod;
import io.micronaut.web.router.Router;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Contract;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;

/** Every route and every role: what is let in is what is written, and nothing else. */
class RouteMatrixTest {
    private static final Contract CONTRACT = Contract.read();

    private static TestIssuer issuer;
    private static LiveService ledger;

    /** The scopes that the contract names for what an operation asks for, written once more, by hand. */
    private static final Map<String, Set<String>> GIVEN_BY = Map.of(
            "read",
            Set.of(
                    "usage_ledger.read",
                    "cloud_controller.admin",
                    "cloud_controller.admin_read_only",
                    "cloud_controller.global_auditor"),
            "write",
            Set.of("usage_ledger.write"),
            "admin",
            Set.of("usage_ledger.admin", "cloud_controller.admin"));

    @BeforeAll
    static void start() {
        issuer = new TestIssuer();
        ledger = LiveService.start(settings -> settings.with(new AccessSettings(issuer.settings(), Optional.empty())));
    }

    @AfterAll
    static void stop() {
        ledger.close();
        issuer.close();
    }

    private static Set<String> routed() {
        return ledger.context()
                .getBean(Router.class)
                .uriRoutes()
                .filter(route -> route.getHttpMethod() != HttpMethod.HEAD)
                .map(route -> route.getHttpMethodName() + " "
                        + route.getUriMatchTemplate().toPathString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** By role: a header Authorization, empty for none; and the scopes of a good token. */
    private static Map<String, Set<String>> roles() {
        Map<String, Set<String>> roles = new LinkedHashMap<>();
        GIVEN_BY.values().stream().flatMap(Set::stream).distinct().forEach(scope -> roles.put(scope, Set.of(scope)));
        roles.put("several", Set.of("openid", "usage_ledger.read", "usage_ledger.write"));
        roles.put("unrelated", Set.of("cloud_controller.read", "usage_ledger", "usage_ledger.reader", "admin"));
        roles.put("without scopes", Set.of());
        return roles;
    }

    @Test
    void the_table_has_every_route_and_no_other() {
        Set<String> written = CONTRACT.operations().stream()
                .map(Contract.Operation::name)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(new TreeSet<>(RouteTable.entries().keySet()))
                .isEqualTo(routed())
                .isEqualTo(written);
    }

    @Test
    void the_contract_says_of_every_operation_what_it_asks_for() {
        for (Contract.Operation operation : CONTRACT.operations()) {
            assertThat(operation.node().has("security")).as(operation.name()).isTrue();
            assertThat(asked(operation))
                    .as(operation.name())
                    .isEqualTo(RouteTable.entries().get(operation.name()));
        }
    }

    @Test
    void scopes_give_what_the_contract_says() {
        GIVEN_BY.forEach((asked, scopes) -> assertThat(
                        Permission.valueOf(asked.toUpperCase(Locale.ROOT)).scopes())
                .containsExactlyInAnyOrderElementsOf(scopes));
        assertThat(Permission.values()).hasSize(GIVEN_BY.size() + 1);
    }

    private static Permission asked(Contract.Operation operation) {
        var security = operation.node().path("security");
        return security.isEmpty()
                ? Permission.ANYONE
                : Permission.valueOf(security.at("/0/bearer/0").asText().toUpperCase(Locale.ROOT));
    }

    private static Answer ask(String route, String... headers) {
        String method = route.substring(0, route.indexOf(' '));
        String path = route.substring(route.indexOf(' ') + 1)
                .replace("{position}", "1")
                .replace("/page/{name}", "/page/swagger-ui.css")
                .replace("{name}", "nothing")
                .replaceAll("\\{\\w+}", "018f3c1e-7c55-7b3e-9f0e-6b1b7f5d2a10");
        var request = ledger.request(path, headers);
        return method.equals("GET")
                ? ledger.send(request.GET())
                : ledger.send(request.header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString("{}")));
    }

    @Test
    void each_route_lets_in_the_roles_that_it_asks_for_and_no_other() {
        for (Contract.Operation operation : CONTRACT.operations()) {
            Permission needed = asked(operation);
            roles().forEach((role, scopes) -> {
                Answer answer =
                        ask(operation.name(), "Authorization", "Bearer " + issuer.token(scopes.toArray(String[]::new)));
                String as = operation.name() + " as " + role + ": " + answer;
                boolean may = needed == Permission.ANYONE || !Collections.disjoint(scopes, needed.scopes());
                if (may) {
                    assertThat(answer.status()).as(as).isNotIn(401, 403);
                } else {
                    assertThat(answer.status()).as(as).isEqualTo(403);
                    assertThat(answer.problem()).as(as).isEqualTo("scope-missing");
                    assertThat(answer.json().path("detail").asText()).as(as).contains(needed.scopes());
                    assertThat(answer.header("WWW-Authenticate")).as(as).contains("insufficient_scope");
                }
            });
        }
    }

    @Test
    void only_public_routes_are_served_without_a_good_token() {
        Date past = Date.from(Instant.EPOCH);
        String expired = issuer.signed(
                TestIssuer.claims("cloud_controller.admin").expirationTime(past).build());
        for (Contract.Operation operation : CONTRACT.operations()) {
            Answer none = ask(operation.name());
            Answer late = ask(operation.name(), "Authorization", "Bearer " + expired);
            if (asked(operation) == Permission.ANYONE) {
                assertThat(none.status()).as(operation.name()).isEqualTo(200);
                assertThat(late.status()).as(operation.name()).isEqualTo(200);
            } else {
                isChallenged(operation.name(), none);
                isChallenged(operation.name(), late);
                assertThat(late.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
            }
        }
    }

    private static void isChallenged(String route, Answer answer) {
        assertThat(answer.status()).as(route + ": " + answer).isEqualTo(401);
        assertThat(answer.problem()).as(route).isEqualTo("unauthenticated");
        assertThat(answer.header("WWW-Authenticate")).as(route).startsWith("Bearer realm=");
        assertThat(answer.header("Content-Type")).as(route).startsWith("application/problem+json");
    }

    @Test
    void head_asks_for_what_get_asks_for() {
        for (String route : RouteTable.entries().keySet()) {
            if (route.startsWith("GET ") && RouteTable.entries().get(route) != Permission.ANYONE) {
                String path = route.substring("GET ".length()).replaceAll("\\{\\w+}", "1");
                Answer answer = ledger.send(ledger.request(path).method("HEAD", BodyPublishers.noBody()));
                assertThat(answer.status()).as(route + ": " + answer).isEqualTo(401);
            }
        }
    }

    @Test
    void scopes_may_come_as_one_text() {
        String token = issuer.signed(
                TestIssuer.claims().claim("scope", "openid usage_ledger.read").build());

        assertThat(ask("GET /v1/events", "Authorization", "bearer  " + token).status())
                .isEqualTo(200);
    }

    @Test
    void a_token_in_the_address_is_not_taken() {
        Answer answer = ledger.get("/v1/events?access_token=" + issuer.token("usage_ledger.read"));

        assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    void any_host_and_origin_is_served_to_who_sends_a_token_and_no_page_is_told_that_it_may_read() {
        Answer answer = ask(
                "GET /v1/events",
                "Authorization",
                "Bearer " + issuer.token("usage_ledger.read"),
                "Origin",
                "https://elsewhere.example");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.response().headers().map().keySet())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control-"));
    }
}
