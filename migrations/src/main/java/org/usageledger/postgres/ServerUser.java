package org.usageledger.postgres;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** As whom PostgreSQL runs. It refuses to run as root, so root starts it as an unprivileged user. */
sealed interface ServerUser {

    /** The programs that can start another program as another user, in the order they are preferred. */
    List<String> LOWERING_TOOLS = List.of("setpriv", "runuser", "su");

    Duration LOOK_UP = Duration.ofSeconds(10);

    /** The command that runs {@code command} as this user. */
    List<String> command(List<String> command);

    /** Makes {@code path} belong to this user. */
    void own(Path path) throws IOException;

    String shown();

    /** The user that runs this process. */
    record Invoker(String shown) implements ServerUser {
        @Override
        public List<String> command(List<String> command) {
            return command;
        }

        @Override
        public void own(Path path) {
            // What this process creates is its user's already.
        }
    }

    /**
     * A user that root lowers itself to.
     *
     * @param prefix what comes before the command to run
     */
    record Lowered(String name, int uid, int gid, List<String> prefix) implements ServerUser {
        @Override
        public List<String> command(List<String> command) {
            return Stream.concat(prefix.stream(), command.stream()).toList();
        }

        @Override
        public void own(Path path) throws IOException {
            Files.setAttribute(path, "unix:uid", uid);
            Files.setAttribute(path, "unix:gid", gid);
        }

        @Override
        public String shown() {
            return "the unprivileged user " + name + " (uid " + uid + ")";
        }
    }

    static boolean invokerIsRoot() {
        return new UnixSystem().getUid() == 0;
    }

    /**
     * The user for the cluster in {@code cluster}: root takes the owner of an existing cluster, else {@code postgres} if
     * there is such a user, else {@code nobody}.
     *
     * @throws PostgresUnavailable if the cluster is another user's, or root has no means to lower itself
     */
    static ServerUser forCluster(Path cluster) {
        UnixSystem invoker = new UnixSystem();
        try {
            if (invoker.getUid() != 0) {
                return self(invoker, cluster);
            }
            if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")) {
                throw new PostgresUnavailable("PostgreSQL refuses to run as root: start the service as another user");
            }
            return Files.isDirectory(cluster) ? lowered(uid(cluster), gid(cluster), owner(cluster)) : anyUnprivileged();
        } catch (IOException e) {
            throw new PostgresUnavailable("The owner of " + cluster + " cannot be found out: " + e, e);
        }
    }

    private static ServerUser self(UnixSystem invoker, Path cluster) throws IOException {
        if (Files.isDirectory(cluster) && uid(cluster) != invoker.getUid()) {
            throw new PostgresUnavailable("The data in " + cluster + " belongs to the user " + owner(cluster)
                    + ": start the service as that user or as root");
        }
        return new Invoker("the user " + invoker.getUsername());
    }

    private static ServerUser anyUnprivileged() {
        for (String name : List.of("postgres", "nobody")) {
            Optional<Integer> uid = number("-u", name);
            Optional<Integer> gid = number("-g", name);
            if (uid.isPresent() && gid.isPresent() && uid.get() != 0) {
                return lowered(uid.get(), gid.get(), name);
            }
        }
        throw new PostgresUnavailable(
                "PostgreSQL refuses to run as root and there is neither a user postgres nor a user"
                        + " nobody: create one, or start the service as another user");
    }

    private static Optional<Integer> number(String option, String user) {
        OneShot.Ended ended = OneShot.run(List.of("id", option, user), Deadline.in(LOOK_UP));
        return ended.succeeded() ? Optional.of(Integer.valueOf(ended.text())) : Optional.empty();
    }

    private static ServerUser lowered(int uid, int gid, String name) {
        if (uid == 0) {
            throw new PostgresUnavailable(
                    "The data folder's PostgreSQL files belong to root, as whom PostgreSQL refuses to run: give them to another user");
        }
        return LOWERING_TOOLS.stream()
                .flatMap(tool -> tool(tool).stream())
                .findFirst()
                .<ServerUser>map(tool -> new Lowered(name, uid, gid, prefix(tool, uid, gid, name)))
                .orElseThrow(
                        () -> new PostgresUnavailable(
                                "PostgreSQL refuses to run as root and none of "
                                        + String.join(", ", LOWERING_TOOLS)
                                        + " is installed to start it as another user: install util-linux, or start the service as another user"));
    }

    static List<String> prefix(Path tool, int uid, int gid, String name) {
        List<String> prefix = new ArrayList<>(List.of(tool.toString()));
        switch (tool.getFileName().toString()) {
            case "setpriv" -> prefix.addAll(List.of("--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--"));
            case "runuser" -> prefix.addAll(List.of("-u", name, "--"));
            default -> prefix.addAll(List.of("-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--", name));
        }
        return List.copyOf(prefix);
    }

    private static Optional<Path> tool(String name) {
        return Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }

    private static int gid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:gid");
    }

    private static String owner(Path path) throws IOException {
        return Files.getOwner(path).getName();
    }
}
