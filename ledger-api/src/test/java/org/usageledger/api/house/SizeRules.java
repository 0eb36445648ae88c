package org.usageledger.api.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How large a thing may get before it is two things. */
final class SizeRules {

    static final int FILE_LINES = 300;
    static final int METHOD_LINES = 40;
    static final int PARAMETERS = 5;
    static final int NESTING = 3;

    private SizeRules() {}

    static List<Breach> longFiles(List<Source> sources) {
        return sources.stream()
                .filter(source -> source.text().lines().count() > FILE_LINES)
                .map(source -> source.breach(source.text().lines().count() + " lines"))
                .toList();
    }

    static List<Breach> longMethods(List<Source> sources) {
        return Member.in(sources)
                .filter(member -> member.lines() > METHOD_LINES)
                .map(member -> member.breach(member.lines() + " lines"))
                .toList();
    }

    /** A record's components are free, and so is its constructor: they are its data, and named wherever they are read. */
    static List<Breach> manyParameters(List<Source> sources) {
        return Member.in(sources)
                .filter(member -> member.method().getParameters().size() > PARAMETERS)
                .filter(member -> !(member.ownerIs(Tree.Kind.RECORD) && member.isConstructor()))
                .map(member -> member.breach(member.method().getParameters().size() + " parameters"))
                .toList();
    }

    static List<Breach> deepNesting(List<Source> sources) {
        List<Breach> breaches = new ArrayList<>();
        Member.in(sources).forEach(member -> {
            Nesting nesting = new Nesting();
            nesting.scan(member.method().getBody(), null);
            if (nesting.deepest > NESTING) {
                breaches.add(member.breach(nesting.deepest + " levels"));
            }
        });
        return breaches;
    }

    /** Counts statements that branch, loop, catch or lock; {@code else if} stays on its level, a class inside starts anew. */
    private static final class Nesting extends TreeScanner<@Nullable Void, @Nullable Void> {
        private int depth;
        private int deepest;

        private @Nullable Void inside(Runnable visit) {
            depth++;
            deepest = Math.max(deepest, depth);
            visit.run();
            depth--;
            return null;
        }

        @Override
        public @Nullable Void visitIf(IfTree tree, @Nullable Void none) {
            inside(() -> {
                scan(tree.getCondition(), null);
                scan(tree.getThenStatement(), null);
            });
            Tree otherwise = tree.getElseStatement();
            return otherwise instanceof IfTree ? scan(otherwise, null) : inside(() -> scan(otherwise, null));
        }

        @Override
        public @Nullable Void visitForLoop(ForLoopTree tree, @Nullable Void none) {
            return inside(() -> super.visitForLoop(tree, null));
        }

        @Override
        public @Nullable Void visitEnhancedForLoop(EnhancedForLoopTree tree, @Nullable Void none) {
            return inside(() -> super.visitEnhancedForLoop(tree, null));
        }

        @Override
        public @Nullable Void visitWhileLoop(WhileLoopTree tree, @Nullable Void none) {
            return inside(() -> super.visitWhileLoop(tree, null));
        }

        @Override
        public @Nullable Void visitDoWhileLoop(DoWhileLoopTree tree, @Nullable Void none) {
            return inside(() -> super.visitDoWhileLoop(tree, null));
        }

        @Override
        public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void none) {
            return inside(() -> super.visitSwitch(tree, null));
        }

        @Override
        public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, @Nullable Void none) {
            return inside(() -> super.visitSwitchExpression(tree, null));
        }

        @Override
        public @Nullable Void visitTry(TryTree tree, @Nullable Void none) {
            boolean onlyCloses = tree.getCatches().isEmpty() && tree.getFinallyBlock() == null;
            return onlyCloses ? super.visitTry(tree, null) : inside(() -> super.visitTry(tree, null));
        }

        @Override
        public @Nullable Void visitSynchronized(SynchronizedTree tree, @Nullable Void none) {
            return inside(() -> super.visitSynchronized(tree, null));
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void none) {
            return null;
        }
    }
}
