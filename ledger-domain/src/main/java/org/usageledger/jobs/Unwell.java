package org.usageledger.jobs;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;

/**
 * An execution that somebody has to look at.
 *
 * @param since when it ended, or last came forward; of the database's clock
 */
public record Unwell(UUID execution, String job, Reason reason, Instant since) {

    /** Why. All but the last two are over once the same is done: another of its scope, or with its parameters, that was asked for later. */
    public enum Reason {
        FAILED("failed"),
        /** It failed and could not clean up. */
        STUCK("is stuck: it failed and could not clean up"),
        /** By itself, not by an operator's word. */
        ABANDONED("was abandoned: what is stored of it cannot be carried out"),
        /** It is done and reported something. Over once another of its job and scope is done and reports nothing. */
        FINDINGS("reported what it found"),
        /** It has not come forward for {@link Jobs#STILL}, and nothing says that it is to wait. */
        NOT_PROGRESSING("does not come forward");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** The name that readers see. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What it does or did, for operators. */
        public String text() {
            return text;
        }

        static Reason ofLabel(String label) {
            return Arrays.stream(values())
                    .filter(reason -> reason.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no reason " + label));
        }
    }
}
