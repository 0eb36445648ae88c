package org.usageledger.api.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** What things are called, what is said about them, and what is not called at all. */
final class NameRules {

    private static final Pattern SAYS_NOTHING =
            Pattern.compile("(Util|Utils|Helper|Manager|Impl|Base|Common|Misc|Data|Info)$");
    private static final Set<String> MOCKS = Set.of("org.mockito", "org.easymock", "io.mockk", "org.powermock");

    private NameRules() {}

    /** A process is a thing in this field: only a method that "processes" something is meant, not one that makes a process. */
    static List<Breach> emptyNames(List<Source> sources) {
        List<Breach> breaches = new ArrayList<>();
        for (Source source : sources) {
            new TreeScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitClass(ClassTree tree, @Nullable Void none) {
                    String name = tree.getSimpleName().toString();
                    if (SAYS_NOTHING.matcher(name).find()) {
                        breaches.add(new Breach(
                                source.path() + "#" + name, "the type's name ends in a word that says nothing"));
                    }
                    return super.visitClass(tree, null);
                }
            }.scan(source.unit(), null);
        }
        Member.in(sources)
                .filter(member -> member.method().getName().contentEquals("process"))
                .filter(member ->
                        "void".equals(String.valueOf(member.method().getReturnType())) && !member.isMarked("Override"))
                .forEach(member -> breaches.add(member.breach("process(…) says nothing: what is done to what?")));
        return breaches;
    }

    static List<Breach> publicTypesWithoutDocstring(List<Source> sources) {
        List<Breach> breaches = new ArrayList<>();
        for (Source source : sources) {
            if (source.isTest()) {
                continue;
            }
            for (Tree type : source.unit().getTypeDecls()) {
                if (type instanceof ClassTree named
                        && named.getModifiers().getFlags().contains(Modifier.PUBLIC)
                        && source.trees().getDocComment(TreePath.getPath(source.unit(), type)) == null) {
                    breaches.add(source.breach(type, named.getSimpleName() + " has no docstring"));
                }
            }
        }
        return breaches;
    }

    /** Every package once, in the main or the test folder of one module. */
    static List<Breach> unmarkedPackages(List<Source> sources) {
        Set<String> marked = sources.stream()
                .filter(source -> source.fileName().equals("package-info.java"))
                .filter(source -> source.unit().getPackageAnnotations().stream()
                        .anyMatch(mark -> mark.getAnnotationType().toString().equals("NullMarked")))
                .map(source -> packageOf(source))
                .collect(Collectors.toSet());
        return sources.stream()
                .filter(source -> !marked.contains(packageOf(source)))
                .map(source -> new Breach(
                        packageOf(source), "no package-info.java with @NullMarked, needed by " + source.path()))
                .toList();
    }

    private static String packageOf(Source source) {
        Tree name = source.unit().getPackageName();
        return name == null ? "(unnamed)" : name.toString();
    }

    static List<Breach> sleeps(List<Source> sources) {
        List<Breach> breaches = new ArrayList<>();
        for (Source source : sources) {
            new TreePathScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void none) {
                    if (tree.getMethodSelect().toString().matches("(.*\\.)?sleep")) {
                        breaches.add(source.breach(tree, tree.getMethodSelect() + "(…)"));
                    }
                    return super.visitMethodInvocation(tree, null);
                }

                @Override
                public @Nullable Void visitMemberReference(MemberReferenceTree tree, @Nullable Void none) {
                    if (tree.getName().contentEquals("sleep")) {
                        breaches.add(source.breach(tree, tree.toString()));
                    }
                    return super.visitMemberReference(tree, null);
                }
            }.scan(source.unit(), null);
        }
        return breaches;
    }

    static List<Breach> disabledTests(List<Source> sources) {
        List<Breach> breaches = new ArrayList<>();
        for (Source source : sources) {
            new TreeScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitAnnotation(AnnotationTree tree, @Nullable Void none) {
                    if (tree.getAnnotationType().toString().matches("(.*\\.)?Disabled")) {
                        breaches.add(source.breach(tree, "a test that does not run"));
                    }
                    return super.visitAnnotation(tree, null);
                }
            }.scan(source.unit(), null);
        }
        return breaches;
    }

    static List<Breach> mocks(List<Source> sources) {
        List<Breach> breaches = new ArrayList<>();
        for (Source source : sources) {
            for (ImportTree imported : source.unit().getImports()) {
                String name = imported.getQualifiedIdentifier().toString();
                if (MOCKS.stream().anyMatch(name::startsWith)) {
                    breaches.add(source.breach(imported, name));
                }
            }
        }
        return breaches;
    }
}
