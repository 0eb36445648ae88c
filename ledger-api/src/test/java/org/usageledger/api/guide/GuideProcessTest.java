package org.usageledger.api.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.usageledger.api.guide.Guide.Answer;
import org.usageledger.api.guide.Guide.Step;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.postgres.testing.TestPostgres;

/** Every command of the guide, in its order, on an empty ledger, answers what the guide shows. */
@Timeout(600)
class GuideProcessTest {
    private static final Duration START = Duration.ofMinutes(5);
    private static final String SHOWN_ADDRESS = "http://127.0.0.1:8080";
    private static final Pattern LISTENS = Pattern.compile("listens on (http\\S+)");

    @Test
    void every_command_answers_what_it_shows(@TempDir Path folder) {
        try (TestDatabase database = TestPostgres.newDatabase();
                Workshop workshop = new Workshop(folder)) {
            DatabaseAddress address = database.address();
            workshop.set("LEDGER_PORT", "0");
            workshop.set("LEDGER_DATABASE_URL", address.url());
            workshop.set("LEDGER_DATABASE_USER", address.user());
            workshop.set("LEDGER_DATABASE_PASSWORD", address.password());
            String service = SHOWN_ADDRESS;
            for (Step step : Guide.read().steps()) {
                service = follow(step, workshop, service);
            }
            assertThat(service).as("the guide starts a service").isNotEqualTo(SHOWN_ADDRESS);
        }
    }

    /** Returns where the service listens. */
    private static String follow(Step step, Workshop workshop, String service) {
        switch (step) {
            case Step.SourceFile file -> workshop.write(file.name(), file.text());
            case Step.Command command
            when command.background() -> {
                return started(command, workshop, service);
            }
            case Step.Command command -> {
                String printed = workshop.run(command.script().replace(SHOWN_ADDRESS, service));
                String shown = command.answer().map(Answer::text).orElse("");
                assertThat(command.answer()
                                .map(answer -> Expected.matches(answer, printed))
                                .orElse(true))
                        .as("line " + command.line() + "\n" + command.script() + "\nshows\n" + shown + "\nand printed\n"
                                + printed + workshop.errors())
                        .isTrue();
            }
        }
        return service;
    }

    private static String started(Step.Command command, Workshop workshop, String service) {
        Answer shown = command.answer().orElseThrow();
        Workshop.Background background = workshop.begin(command.script());
        String printed = Await.until(START, () -> {
            String text = background.printed();
            if (Expected.begins(shown, LISTENS.matcher(text).replaceFirst("listens on " + SHOWN_ADDRESS))) {
                return new Await.Seen.Ready<>(text);
            }
            return background.process().isAlive()
                    ? new Await.Seen.NotYet<>("it printed: " + text)
                    : new Await.Seen.Failed<>(new AssertionError("it ended and printed: " + text + workshop.errors()));
        });
        Matcher matcher = LISTENS.matcher(printed);
        String address = matcher.find() ? matcher.group(1) : service;
        workshop.set("LEDGER_URL", address);
        return address;
    }
}
