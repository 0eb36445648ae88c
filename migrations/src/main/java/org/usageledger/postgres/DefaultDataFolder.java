package org.usageledger.postgres;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which folder the service keeps its data in when none is named on the command line. */
public final class DefaultDataFolder {

    private static final Path OF_ROOT = Path.of("/var/lib/usage-ledger");
    private static final Path UNDER_HOME = Path.of(".local/share/usage-ledger");

    private DefaultDataFolder() {}

    /** The folder for this process: its environment, its user and that user's home. */
    public static Path ofThisProcess() {
        return choose(System.getenv(), ServerUser.invokerIsRoot(), Path.of(System.getProperty("user.home")));
    }

    /** {@code LEDGER_DATA} if set and not blank; else {@code /var/lib/usage-ledger} for root and {@code ~/.local/share/usage-ledger} for others. */
    static Path choose(Map<String, String> environment, boolean root, Path home) {
        @Nullable String named = environment.get("LEDGER_DATA");
        if (named != null && !named.isBlank()) {
            return Path.of(named.strip()).toAbsolutePath().normalize();
        }
        return root ? OF_ROOT : home.resolve(UNDER_HOME);
    }
}
