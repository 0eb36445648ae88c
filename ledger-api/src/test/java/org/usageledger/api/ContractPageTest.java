package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.usageledger.api.LiveService.Answer;

/** The contract as a page, which has to show where there is no network. */
class ContractPageTest {
    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"]*)\"");
    private static final Pattern STYLE_REFERENCE = Pattern.compile("url\\(\\s*[\"']?([^\"')]*)|@import\\s+(\\S+)");

    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static Answer page() {
        return ledger.get("/openapi", "Accept", BROWSER);
    }

    private static List<URI> references() {
        URI base = ledger.uri("/openapi");
        return REFERENCE
                .matcher(page().text())
                .results()
                .map(found -> base.resolve(found.group(1)))
                .toList();
    }

    @Test
    void a_browser_gets_a_page_and_everyone_else_the_contract() {
        assertThat(page().status()).isEqualTo(200);
        assertThat(page().header("Content-Type")).startsWith("text/html");
        assertThat(page().header("Vary")).isEqualTo("Accept");
        for (String accept :
                List.of("*/*", "application/yaml", "application/json, */*", "application/yaml, text/html")) {
            Answer answer = ledger.get("/openapi", "Accept", accept);
            assertThat(answer.header("Content-Type")).as(accept).startsWith("application/yaml");
            assertThat(answer.text()).startsWith("openapi: 3.1.0");
        }
    }

    @Test
    void every_file_it_is_made_of_is_served_by_the_service_itself() {
        assertThat(references()).hasSizeGreaterThan(4).allSatisfy(reference -> {
            assertThat(reference.getAuthority()).isEqualTo(ledger.uri("/").getAuthority());
            Answer answer = ledger.get(reference.getPath());
            assertThat(answer.status()).as(reference.toString()).isEqualTo(200);
            assertThat(answer.response().body()).as(reference.toString()).isNotEmpty();
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Content-Type"))
                    .as(reference.toString())
                    .startsWith(
                            reference.getPath().endsWith(".js")
                                    ? "text/javascript"
                                    : reference.getPath().endsWith(".css") ? "text/css" : "image/png");
        });
    }

    @Test
    void its_styles_take_nothing_from_anywhere() {
        references().stream().filter(each -> each.getPath().endsWith(".css")).forEach(style -> {
            List<MatchResult> found = STYLE_REFERENCE
                    .matcher(ledger.get(style.getPath()).text())
                    .results()
                    .toList();
            assertThat(found)
                    .allSatisfy(reference ->
                            assertThat(String.valueOf(reference.group(1))).startsWith("data:"));
        });
    }

    @Test
    void its_own_script_asks_the_service_and_switches_off_what_the_library_would_ask_elsewhere() {
        assertThat(ledger.get("/openapi/page/page.js").text())
                .contains("url: 'openapi'", "validatorUrl: null", "supportedSubmitMethods: []")
                .doesNotContain("//cdn", "http:", "https:");
    }

    @Test
    void the_browser_is_told_to_ask_nobody_else_and_to_run_nothing_that_stands_in_the_page() {
        assertThat(page().header("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        assertThat(page().text()).doesNotContain("style=", "onload=", "<style");
        assertThat(Pattern.compile("<script[^>]*>\\s*</script>")
                        .matcher(page().text())
                        .replaceAll(""))
                .doesNotContain("<script");
    }

    @Test
    void nothing_else_of_the_library_or_of_the_service_is_served_there() {
        for (String name :
                List.of("index.html", "swagger-ui.js", "..%2findex.html", "%2e%2e", "oauth2-redirect.html")) {
            assertThat(ledger.get("/openapi/page/" + name).status()).as(name).isEqualTo(404);
        }
    }
}
