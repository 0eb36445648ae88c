package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.api.cli.StandIn.Asked;
import org.usageledger.api.cli.StandIn.Reply;

@Timeout(120)
class SupportBundleTest {
    private static final String TOKEN = "planted-token/+\"4711";
    private static final String WORD = "planted?word";
    private static final String DATABASE = "planted-database";
    private static final String SIGNED = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJwbGFudGVkIn0.c2ln";

    @TempDir
    Path folder;

    /** A service whose every answer repeats what is secret, in one form or another. */
    private static Reply leaking(Asked asked) {
        String quoted = JsonText.line(JsonText.object().put("error", TOKEN)).replaceAll("^.|.$", "");
        String encoded = Base64.getEncoder().encodeToString(TOKEN.getBytes(StandardCharsets.UTF_8));
        String body = "{" + quoted + ",\"path\":\"" + asked.path() + "\",\"again\":[\"" + WORD + " " + SIGNED
                + "\",7],\"x\":\""
                + Query.encoded(TOKEN) + " " + encoded + "\",\"parameters\":{\"db_password\":\"planted-elsewhere\"},"
                + "\"url\":\"jdbc:postgresql://me:planted-user@h/db?password=planted-query\",\"" + DATABASE + "\":null,"
                + "\"head\":\"Bearer planted.bearer\",\"request_key\":\"kept\"}";
        return asked.path().equals("/prometheus")
                ? Reply.text(200, "ledger_up{token=\"planted-label\"} 1\n" + TOKEN + "\nledger_kept 4712\n")
                : Reply.json(body);
    }

    private static CommandRun bundle(StandIn service, String file) {
        String url = service.url().replace("http://", "http://me:" + Query.encoded(WORD) + "@");
        return new CommandRun.Builder()
                .with("LEDGER_URL", url)
                .with("LEDGER_TOKEN", TOKEN)
                .with("LEDGER_DATABASE_PASSWORD", DATABASE)
                .run("support-bundle", file);
    }

    private static Map<String, String> read(Path file) throws IOException {
        Map<String, String> parts = new TreeMap<>();
        byte[] bytes = Files.readAllBytes(file);
        if (file.toString().endsWith(".zip")) {
            try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8)) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    parts.put(entry.getName(), text(zip));
                }
            }
        } else {
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(bytes)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    parts.put(entry.getName(), text(tar));
                }
            }
        }
        return parts;
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b.tar.gz", "b.tgz", "b.zip"})
    void a_bundle_has_every_part_and_no_secret(String name) throws IOException {
        Path file = folder.resolve(name);
        try (StandIn service = new StandIn(SupportBundleTest::leaking)) {
            CommandRun run = bundle(service, file.toString());

            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out()).isEqualTo(file + "\n");
            assertThat(service.asked()).extracting(Asked::method).containsOnly("GET");
        }
        Map<String, String> parts = read(file);
        assertThat(parts.keySet().stream().map(part -> part.replaceAll(".*/", "")))
                .containsExactly(
                        "audit.json",
                        "executions.json",
                        "health.json",
                        "jobs.json",
                        "metrics.txt",
                        "nodes.json",
                        "schedules.json",
                        "service.json",
                        "tasks.json",
                        "version.json");
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(TOKEN.getBytes(StandardCharsets.UTF_8));
        parts.forEach((part, text) -> assertThat(text)
                .as(part)
                .doesNotContain("planted")
                .doesNotContain(SIGNED, encoded)
                .doesNotContain(SIGNED.substring(0, SIGNED.lastIndexOf('.'))));
        assertThat(String.join("", parts.values()))
                .contains("\"request_key\":\"kept\"", "ledger_kept 4712")
                .contains("/v1/executions?limit=200", "/v1/audit?newest=true&limit=200");
        assertThat(parts.entrySet().stream().filter(part -> part.getKey().endsWith(".json")))
                .allMatch(part -> isWhole(part.getValue()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void what_the_service_does_not_say_is_noted_and_the_rest_is_there() throws IOException {
        Path file = folder.resolve("b.zip");
        try (StandIn service = new StandIn(asked -> asked.path().startsWith("/v1/audit")
                ? Reply.problem(403, "{\"detail\":\"The token " + TOKEN.replace("\"", "\\\"") + " lacks a scope.\"}")
                : leaking(asked))) {
            CommandRun run = bundle(service, file.toString());

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).isEqualTo("audit.json is missing: The token (removed) lacks a scope.\n");
        }
        Map<String, String> parts = read(file);
        assertThat(parts).hasSize(10);
        assertThat(String.join("", parts.values()))
                .contains("{\"audit.json\":\"The token (removed) lacks a scope.\"}")
                .doesNotContain("planted");
    }

    @Test
    void nothing_is_written_over_and_nothing_under_another_name() throws IOException {
        Path file = folder.resolve("b.zip");
        Files.writeString(file, "mine");
        try (StandIn service = new StandIn(SupportBundleTest::leaking)) {
            CommandRun run = bundle(service, file.toString());

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).contains("There is a file " + file + " already");
            assertThat(file).hasContent("mine");
            assertThat(bundle(service, folder.resolve("b.rar").toString()).code())
                    .isEqualTo(2);
        }
    }

    @Test
    void without_a_service_there_is_no_bundle() throws IOException {
        Path file = folder.resolve("b.zip");
        String url;
        try (StandIn service = new StandIn(SupportBundleTest::leaking)) {
            url = service.url();
        }
        CommandRun run = new CommandRun.Builder()
                .with("LEDGER_URL", url.replace("http://", "http://me:planted@"))
                .run("support-bundle", file.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).startsWith("Nothing was found out").doesNotContain("planted");
        assertThat(List.of(file)).noneMatch(Files::exists);
    }

    private static boolean isWhole(String text) {
        try {
            return JsonText.tree(text.getBytes(StandardCharsets.UTF_8)).isObject();
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }
}
