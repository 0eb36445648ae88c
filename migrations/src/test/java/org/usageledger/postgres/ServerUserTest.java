package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUserTest {

    private static final int NOBODY = 65_534;

    @ParameterizedTest
    @ValueSource(strings = {"setpriv", "runuser", "su"})
    void each_lowering_tool_runs_a_command_with_its_arguments_as_the_other_user(String name) {
        assumeTrue(ServerUser.invokerIsRoot(), "only root can become another user");
        Path tool = Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of(name));
        assumeTrue(Files.isExecutable(tool), name + " is not installed");
        ServerUser user =
                new ServerUser.Lowered("nobody", NOBODY, NOBODY, ServerUser.prefix(tool, NOBODY, NOBODY, "nobody"));
        List<String> command =
                user.command(List.of("/bin/sh", "-c", "id -u; echo \"$1 $2\"", "sh", "--pgdata=/a b", "-c 'x=y z'"));
        assertThat(OneShot.run(command, Deadline.in(Duration.ofSeconds(10))).text())
                .isEqualTo("65534\n--pgdata=/a b -c 'x=y z'");
    }

    @Test
    void root_keeps_the_owner_of_data_that_is_there(@TempDir Path cluster) throws IOException {
        assumeTrue(ServerUser.invokerIsRoot(), "only root can become another user");
        Files.setAttribute(cluster, "unix:uid", NOBODY);
        assertThat(ServerUser.forCluster(cluster))
                .isInstanceOfSatisfying(
                        ServerUser.Lowered.class, user -> assertThat(user.uid()).isEqualTo(NOBODY));
    }

    @Test
    void root_becomes_another_and_anyone_else_stays_who_they_are(@TempDir Path cluster) {
        ServerUser user = ServerUser.forCluster(ServerUser.invokerIsRoot() ? cluster.resolve("none") : cluster);
        if (ServerUser.invokerIsRoot()) {
            assertThat(user)
                    .isInstanceOfSatisfying(
                            ServerUser.Lowered.class,
                            lowered -> assertThat(lowered.uid()).isNotZero());
        } else {
            assertThat(user).isInstanceOf(ServerUser.Invoker.class);
        }
    }
}
