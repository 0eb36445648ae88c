package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DefaultDataFolderTest {

    private static final Path HOME = Path.of("/home/ada");

    @Test
    void root_keeps_its_data_where_services_do() {
        assertThat(DefaultDataFolder.choose(Map.of(), true, Path.of("/root")))
                .isEqualTo(Path.of("/var/lib/usage-ledger"));
    }

    @Test
    void anyone_else_keeps_it_at_home() {
        assertThat(DefaultDataFolder.choose(Map.of(), false, HOME))
                .isEqualTo(Path.of("/home/ada/.local/share/usage-ledger"));
    }

    @Test
    void the_environment_names_another_for_both() {
        Map<String, String> environment = Map.of("LEDGER_DATA", " /srv/here/../ledger ");
        assertThat(DefaultDataFolder.choose(environment, true, HOME)).isEqualTo(Path.of("/srv/ledger"));
        assertThat(DefaultDataFolder.choose(environment, false, HOME)).isEqualTo(Path.of("/srv/ledger"));
    }

    @Test
    void a_blank_name_is_no_name() {
        assertThat(DefaultDataFolder.choose(Map.of("LEDGER_DATA", " "), true, HOME))
                .isEqualTo(Path.of("/var/lib/usage-ledger"));
    }
}
