package org.usageledger.api.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which packages name which others, read from the compiled classes: imports that nothing uses do not count, inferred types do. */
final class PackageUses {

    private static final String OURS = "org.usageledger.";
    private static final Pattern TYPE = Pattern.compile("((?:[a-z]\\w*/)+)[A-Z$]\\w*");

    private PackageUses() {}

    /** Our packages by the packages that name them, both without the common beginning; a package does not name itself. */
    static Map<String, Set<String>> ofOurs(Checkout checkout) {
        return read(checkout, name -> name.startsWith(OURS));
    }

    /** The packages of libraries that each of our packages names, {@code java} itself left out. */
    static Map<String, Set<String>> ofLibraries(Checkout checkout) {
        return read(checkout, name -> !name.startsWith(OURS) && !name.startsWith("java."));
    }

    private static Map<String, Set<String>> read(Checkout checkout, java.util.function.Predicate<String> counts) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (String module : checkout.modules()) {
            Path classes = checkout.root().resolve(module).resolve("target/classes");
            for (Path file : classFiles(classes)) {
                String own = classes.relativize(file.getParent()).toString().replace('/', '.');
                Set<String> named = uses.computeIfAbsent(shortName(own), name -> new TreeSet<>());
                typesIn(file)
                        .filter(counts)
                        .filter(name -> !name.equals(own))
                        .map(PackageUses::shortName)
                        .forEach(named::add);
            }
        }
        return uses;
    }

    private static String shortName(String packageName) {
        return packageName.startsWith(OURS) ? packageName.substring(OURS.length()) : packageName;
    }

    /** Classes that the annotation processor adds begin with a dollar sign; they name what the wiring needs, not what we wrote. */
    private static Set<Path> classFiles(Path classes) {
        if (!Files.isDirectory(classes)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.getFileName().toString().startsWith("$"))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException("walking " + classes, e);
        }
    }

    private static Stream<String> typesIn(Path file) {
        ClassModel model;
        try {
            model = ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
        Set<String> names = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof Utf8Entry text) {
                TYPE.matcher(text.stringValue())
                        .results()
                        .map(PackageUses::packageIn)
                        .forEach(names::add);
            }
        }
        return names.stream();
    }

    private static String packageIn(MatchResult type) {
        String slashed = type.group(1);
        return slashed.substring(0, slashed.length() - 1).replace('/', '.');
    }
}
