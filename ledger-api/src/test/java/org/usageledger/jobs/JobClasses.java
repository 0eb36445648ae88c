package org.usageledger.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The jobs that are on the class path, whoever puts them together. */
final class JobClasses {
    private static final String OURS = "org/usageledger";

    private JobClasses() {}

    /** Their class names, those of tests left out. */
    static List<String> ofTheService() {
        List<String> jobs = new ArrayList<>();
        try {
            for (URL place : Collections.list(JobClasses.class.getClassLoader().getResources(OURS))) {
                String where = place.toString();
                if (!where.contains("test-classes") && !where.contains("-tests.jar")) {
                    classes(place.toURI()).filter(JobClasses::isJob).forEach(jobs::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("walking the class path", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a place of classes that is no address", e);
        }
        return jobs.stream().sorted().toList();
    }

    private static Stream<String> classes(URI place) throws IOException {
        if (place.getScheme().equals("jar")) {
            try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
                return names(jar.getPath(OURS)).stream();
            }
        }
        return names(Path.of(place)).stream();
    }

    private static List<String> names(Path ours) throws IOException {
        try (Stream<Path> files = Files.walk(ours)) {
            return files.map(file ->
                            OURS + "/" + ours.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> file.endsWith(".class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }

    private static boolean isJob(String name) {
        try {
            Class<?> type = Class.forName(name, false, JobClasses.class.getClassLoader());
            return Job.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a class of the class path that is not there: " + name, e);
        }
    }
}
