package org.usageledger.api.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A folder with the launcher, a build that only counts how often it is asked, and no JDK but those a test puts there. The PATH holds
 * what the launcher may use of the system, and no {@code java}.
 */
final class LauncherBox {

    private static final List<String> TOOLS = List.of(
            "basename",
            "cat",
            "chmod",
            "cksum",
            "cp",
            "cut",
            "date",
            "dirname",
            "env",
            "find",
            "grep",
            "head",
            "id",
            "ls",
            "mkdir",
            "mktemp",
            "mv",
            "od",
            "ps",
            "readlink",
            "rm",
            "sed",
            "sh",
            "sleep",
            "sort",
            "tail",
            "tee",
            "touch",
            "tr",
            "uname");

    private static final String JAVA = """
            #!/bin/sh
            for argument; do
              case $argument in
                -XX:AOTCacheOutput=*) env > training; echo cache > "${argument#*=}"; exit 0 ;;
              esac
            done
            echo "started $0 in $PWD"
            echo "pid $$"
            echo "locale ${LC_ALL:-}"
            for argument; do echo "argument $argument"; done
            exit "${FAKE_EXIT:-0}"
            """;

    private static final String MVNW = """
            #!/bin/sh
            echo "$@" >> builds
            echo "[INFO] Building Usage Ledger: domain 0.1.0-SNAPSHOT   [4/6]"
            if [ -n "${FAKE_BUILD_FAILS:-}" ]; then echo "[ERROR] it does not compile"; exit 1; fi
            mkdir -p ledger-api/target/app/lib
            echo jar > ledger-api/target/app/ledger-api.jar
            echo jar > ledger-api/target/app/lib/library.jar
            echo "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0"
            """;

    private final Path base;
    final Path checkout;
    final Path jdks;
    private final Map<String, String> environment = new TreeMap<>();

    LauncherBox(Path base, Path launcher) throws IOException {
        this.base = base;
        checkout = Files.createDirectories(base.resolve("a check out"));
        jdks = Files.createDirectories(base.resolve("jd ks"));
        Files.copy(launcher, checkout.resolve("ledger"));
        script(checkout.resolve("mvnw"), MVNW);
        write("pom.xml", "<project/>");
        write(".mvn/jvm.config", "");
        write("ledger-api/pom.xml", "<project/>");
        write("ledger-api/src/main/java/A.java", "class A {}");
        environment.put("PATH", toolsOnly().toString());
        environment.put("HOME", base.toString());
        environment.put("LEDGER_JDK_FOLDERS", jdks.toString());
    }

    private Path toolsOnly() throws IOException {
        Path bin = Files.createDirectories(base.resolve("bin"));
        for (String tool : TOOLS) {
            for (String folder : List.of("/usr/bin", "/bin")) {
                if (Files.exists(Path.of(folder, tool)) && !Files.exists(bin.resolve(tool))) {
                    script(bin.resolve(tool), "#!/bin/sh\nexec " + folder + "/" + tool + " \"$@\"\n");
                }
            }
        }
        return bin;
    }

    /** A folder that looks like a JDK of this version; its {@code java} prints how it was called. */
    Path jdk(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\nOS_ARCH=\"any\"\n");
        script(home.resolve("bin/java"), JAVA);
        script(home.resolve("bin/javac"), "#!/bin/sh\n");
        return home;
    }

    Path jdk(String version) throws IOException {
        return jdk(jdks.resolve("jdk-" + version), version);
    }

    LauncherBox with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    void write(String file, String text) throws IOException {
        Path path = checkout.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    static void script(Path path, String text) throws IOException {
        Files.writeString(path, text);
        if (!path.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make executable: " + path);
        }
    }

    /** What the build was asked for, one call a line. */
    List<String> builds() throws IOException {
        Path builds = checkout.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
    }

    Run run(String... arguments) throws IOException, InterruptedException {
        return start(arguments).await();
    }

    Started start(String... arguments) throws IOException {
        return start(checkout.resolve("ledger"), base, arguments);
    }

    Started start(Path launcher, Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(base, "out", ".txt");
        Path err = Files.createTempFile(base, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new Started(builder.start(), out, err);
    }

    record Started(Process process, Path out, Path err) {
        Run await() throws IOException, InterruptedException {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        "The launcher did not end; it said: " + Files.readString(err) + Files.readString(out));
            }
            return new Run(process.pid(), process.exitValue(), Files.readString(out), Files.readString(err));
        }
    }

    record Run(long pid, int exit, String out, String err) {}
}
