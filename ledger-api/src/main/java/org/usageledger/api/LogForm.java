package org.usageledger.api;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** In which form the service logs. */
final class LogForm {
    private static final String VARIABLE = "LEDGER_LOG_FORMAT";

    private LogForm() {}

    /** @throws StartRefused for a form that there is none of: nothing would be logged */
    static void check(Variables variables) {
        String form = variables.text(VARIABLE, "text");
        if (!form.equals("text") && !form.equals("json")) {
            throw new StartRefused(VARIABLE + " is \"" + form + "\"; set it to text or json.");
        }
    }

    /** Lines in JSON name the node from now on; of several in one process the last. */
    static void name(String node) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.putProperty("node", node);
        }
    }
}
