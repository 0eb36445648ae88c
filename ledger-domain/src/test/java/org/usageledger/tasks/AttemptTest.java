package org.usageledger.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log is told of activations. */
class AttemptTest {
    private static final Attempt WELL = Attempt.returned(Result.success("three", Map.of()));
    private final Logger log = (Logger) LoggerFactory.getLogger(Attempt.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    @BeforeEach
    void listen() {
        said.start();
        log.setLevel(Level.INFO);
        log.addAppender(said);
    }

    @AfterEach
    void hearNoMore() {
        log.detachAppender(said);
        log.setLevel(null);
    }

    private static Attempt failed(String why) {
        return Attempt.returned(Result.failure(why, Map.of()));
    }

    @Test
    void a_failure_is_told_once_until_it_is_another_or_over() {
        failed("no way").log("look", Optional.empty());
        failed("no way").log("look", Optional.of("no way"));
        failed("no way").log("look", Optional.of("no way"));
        failed("no time").log("look", Optional.of("no way"));
        failed("no time").log("look", Optional.of("no time"));
        WELL.log("look", Optional.of("no time"));
        WELL.log("look", Optional.empty());
        failed("no time").log("look", Optional.empty());

        assertThat(said.list)
                .extracting(one -> one.getLevel() + " " + one.getFormattedMessage())
                .containsExactly(
                        "WARN task look failed: no way",
                        "WARN task look failed: no time",
                        "INFO task look succeeds again: three",
                        "WARN task look failed: no time");
    }
}
