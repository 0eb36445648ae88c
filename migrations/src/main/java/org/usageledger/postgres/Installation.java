package org.usageledger.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One cluster, the programs that serve it and the user they run as.
 *
 * @param version of the programs, such as {@code 18.6}
 * @param progress takes what the operator is told
 */
record Installation(
        DataFolder folder, ServerBinaries binaries, ServerUser user, String version, Consumer<String> progress) {

    /** Finds or makes everything a server needs, short of running it. The caller holds the folder's lock. */
    static Installation in(DataFolder folder, EmbeddedPostgres.Settings settings, Consumer<String> progress) {
        boolean made = Cluster.exists(folder);
        ServerUser user = ServerUser.forCluster(folder.cluster());
        Reach.checkWritable(user, made ? folder.cluster() : Cluster.prepare(folder, user));
        ServerBinaries binaries = ServerBinaries.unpacked(settings.archive(), settings.binariesFolder(), progress);
        Installation installation = new Installation(folder, binaries, user, Reach.version(user, binaries), progress);
        if (made) {
            Cluster.check(folder, installation.major());
        } else {
            Cluster.make(folder, user, binaries, installation.major(), progress);
        }
        return installation;
    }

    int major() {
        return Integer.parseInt(version.split("\\.", 2)[0]);
    }

    /** {@code pg_ctl} on this cluster, as the server's user. */
    List<String> control(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(binaries.program("pg_ctl").toString(), "--pgdata=" + folder.cluster(), "--silent"));
        command.addAll(List.of(arguments));
        return user.command(command);
    }
}
