package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands by which an operator stops an execution or a node, and says why. */
abstract sealed class StopCommand implements Callable<Integer>
        permits ExecutionsCancelCommand, ExecutionsAbandonCommand, NodesQuiesceCommand, NodesExpungeCommand {
    private final Terminal terminal;
    private final String path;

    @Parameters(paramLabel = "ID", description = "Which.")
    private String id = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; it stands on record.")
    private String reason = "";

    @Mixin
    private final ServiceOptions service;

    /** @param path of the route, with {@code %s} for the id */
    StopCommand(Terminal terminal, String path) {
        this.terminal = terminal;
        this.path = path;
        this.service = new ServiceOptions(terminal);
    }

    /** Adds what more is said. */
    ObjectNode wish(ObjectNode reasoned) {
        return reasoned;
    }

    @Override
    public final Integer call() throws InterruptedException {
        try (Interruption interruption = new Interruption(() -> {})) {
            PersistentCaller caller = service.caller(interruption, terminal::say);
            ObjectNode wish = wish(JsonText.object().put("reason", reason));
            Answer answer = caller.send(Operating.post(path.formatted(Query.encoded(id)), wish));
            terminal.out().println(JsonText.line(answer.json()));
            terminal.out().flush();
            return 0;
        }
    }
}
