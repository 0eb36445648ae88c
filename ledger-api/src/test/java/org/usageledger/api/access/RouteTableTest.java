package org.usageledger.api.access;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.web.router.Router;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.usageledger.api.observe.Observation;
import org.usageledger.api.observe.TraceSettings;

class RouteTableTest {
    private static final String UNDECIDED = "ledger.test.undecided";

    @Controller("/undecided")
    @Requires(property = UNDECIDED)
    static final class UndecidedController {
        @Get
        String get() {
            return "served";
        }
    }

    @Test
    void a_service_with_a_route_that_nobody_decided_on_does_not_start() {
        try (Observation observation = new Observation(TraceSettings.OFF, "node", "version");
                ApplicationContext context = ApplicationContext.builder()
                        .properties(Map.of(UNDECIDED, "true"))
                        .singletons(observation)
                        .start()) {
            Router router = context.getBean(Router.class);

            assertThatThrownBy(() -> RouteTable.check(router)).hasMessage("nobody decided who may use GET /undecided");
        }
    }
}
