package org.usageledger.api.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which running resources are meant. */
final class FilterOptions {
    @Option(
            names = "--kind",
            paramLabel = "process|task|service_instance",
            description = "Only resources of this kind. Default: all.")
    private @Nullable Kind kind;

    @Option(names = "--organization", paramLabel = "GUID", description = "Only those of this organization.")
    private @Nullable String organization;

    @Option(names = "--space", paramLabel = "GUID", description = "Only those of this space.")
    private @Nullable String space;

    @Option(names = "--app", paramLabel = "GUID", description = "Only processes and tasks of this app.")
    private @Nullable String app;

    enum Kind {
        process,
        task,
        service_instance
    }

    Query on(String path) {
        return new Query(path)
                .with("kind", kind)
                .with("organization", organization)
                .with("space", space)
                .with("app", app);
    }
}
