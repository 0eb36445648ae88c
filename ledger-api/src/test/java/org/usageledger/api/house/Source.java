package org.usageledger.api.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A Java file as the compiler reads it.
 *
 * @param path from the checkout's root, with slashes
 */
record Source(String path, String text, CompilationUnitTree unit, Trees trees) {

    /** Parsed, not resolved: rules look at shape and names only. */
    static List<Source> parse(Map<String, String> textByPath) {
        List<Text> files = textByPath.entrySet().stream()
                .map(file -> new Text(file.getKey(), file.getValue()))
                .toList();
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, List.of("-proc:none", "-Xlint:none"), null, files);
        Trees trees = Trees.instance(task);
        List<Source> sources = new ArrayList<>();
        try {
            for (CompilationUnitTree unit : task.parse()) {
                String path = unit.getSourceFile().toUri().getPath().substring(1);
                sources.add(new Source(path, Objects.requireNonNull(textByPath.get(path)), unit, trees));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading sources that are already in memory", e);
        }
        return sources;
    }

    boolean isTest() {
        return path.contains("/src/test/");
    }

    /** Without the beginning that all our packages share. */
    String className() {
        Tree packageName = unit.getPackageName();
        String name = fileName().replace(".java", "");
        return packageName == null ? name : (packageName + "." + name).replaceFirst("^org\\.usageledger\\.", "");
    }

    String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    int startOf(Tree tree) {
        return (int) trees.getSourcePositions().getStartPosition(unit, tree);
    }

    int endOf(Tree tree) {
        return (int) trees.getSourcePositions().getEndPosition(unit, tree);
    }

    /** Counted from 1. */
    int lineAt(int offset) {
        return (int) unit.getLineMap().getLineNumber(offset);
    }

    int lineOf(Tree tree) {
        return lineAt(startOf(tree));
    }

    Breach breach(String what) {
        return new Breach(path, what);
    }

    Breach breach(Tree at, String what) {
        return new Breach(path, "line " + lineOf(at) + ": " + what);
    }

    private static final class Text extends SimpleJavaFileObject {
        private final String content;

        Text(String path, String content) {
            super(URI.create("memory:///" + path), JavaFileObject.Kind.SOURCE);
            this.content = content;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return content;
        }
    }
}
