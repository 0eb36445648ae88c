package org.usageledger.api.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The project as it lies on disk, without what is built. */
record Checkout(Path root) {

    private static final Set<String> BUILT = Set.of("target", ".git", ".idea", ".vscode");

    /** The folder above the test's that holds the wrapper and the modules. */
    static Checkout around(Path start) {
        for (Path folder = start.toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw")) && Files.isDirectory(folder.resolve("migrations"))) {
                return new Checkout(folder);
            }
        }
        throw new IllegalStateException("No checkout around " + start);
    }

    static Checkout here() {
        return around(Path.of(""));
    }

    List<String> modules() {
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("listing the modules of " + root, e);
        }
    }

    List<Source> sources() {
        Map<String, String> texts = new TreeMap<>();
        for (String file : files()) {
            if (file.endsWith(".java")) {
                texts.put(file, read(file));
            }
        }
        return Source.parse(texts);
    }

    /**
     * What belongs to the project, as paths from the root: the files that git tracks or would track. Without git, every file outside
     * the build folders.
     */
    List<String> files() {
        return Files.exists(root.resolve(".git")) ? tracked() : walked();
    }

    String read(String file) {
        try {
            return new String(Files.readAllBytes(root.resolve(file)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    private List<String> tracked() {
        ProcessBuilder git = new ProcessBuilder(
                "git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard");
        try {
            Process process = git.directory(root.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String names = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? existing(names.split("\0")) : walked();
        } catch (IOException e) {
            // No git on this machine.
            return walked();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while git listed " + root, e);
        }
    }

    private List<String> existing(String... names) {
        return Stream.of(names)
                .filter(name -> Files.isRegularFile(root.resolve(name)))
                .sorted()
                .toList();
    }

    private List<String> walked() {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile)
                    .map(root::relativize)
                    .filter(path -> Stream.iterate(path, parent -> parent != null, Path::getParent)
                            .noneMatch(part -> BUILT.contains(part.getFileName().toString())))
                    .map(path -> path.toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("walking " + root, e);
        }
    }
}
