package org.usageledger.api.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The methods and constructors of a file, with the type that holds each. */
record Member(Source source, ClassTree owner, MethodTree method) {

    static Stream<Member> in(List<Source> sources) {
        return sources.stream().flatMap(source -> {
            List<Member> found = new ArrayList<>();
            new Collector(source, found).scan(source.unit(), null);
            return found.stream();
        });
    }

    /** From the first annotation or modifier to the closing brace; the docstring is not counted. */
    int lines() {
        return source.lineAt(source.endOf(method)) - source.lineOf(method) + 1;
    }

    boolean isConstructor() {
        return method.getName().contentEquals("<init>");
    }

    boolean ownerIs(Tree.Kind kind) {
        return owner.getKind() == kind;
    }

    boolean isMarked(String annotation) {
        return method.getModifiers().getAnnotations().stream()
                .anyMatch(mark -> mark.getAnnotationType().toString().equals(annotation));
    }

    Breach breach(String what) {
        String name = isConstructor()
                ? owner.getSimpleName().toString()
                : method.getName().toString();
        return new Breach(source.path() + "#" + name, what);
    }

    private static final class Collector extends TreeScanner<@Nullable Void, @Nullable ClassTree> {
        private final Source source;
        private final List<Member> found;

        Collector(Source source, List<Member> found) {
            this.source = source;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable ClassTree outer) {
            return super.visitClass(tree, tree);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree tree, @Nullable ClassTree owner) {
            if (owner != null) {
                found.add(new Member(source, owner, tree));
            }
            return super.visitMethod(tree, owner);
        }
    }
}
