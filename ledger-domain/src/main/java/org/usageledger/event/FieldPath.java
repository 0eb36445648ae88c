package org.usageledger.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where in an event the reader stands: names within names, joined only when somebody asks. */
final class FieldPath {
    private static final int SHOWN_CHARACTERS = 200;

    private final @Nullable String[] names;
    private int depth;

    FieldPath(int deepest) {
        names = new @Nullable String[deepest];
    }

    void clear() {
        depth = 0;
    }

    /** Objects and arrays that are open. */
    int depth() {
        return depth;
    }

    void enter() {
        names[depth] = null;
        depth++;
    }

    void leave() {
        depth--;
    }

    /** The reader came to this field of the innermost object. */
    void at(String name) {
        names[depth - 1] = name;
    }

    /** Such as {@code state.current}; places in an array are not told apart, a long path is cut. */
    @Override
    public String toString() {
        StringBuilder path = new StringBuilder();
        for (String name : Arrays.asList(names).subList(0, depth)) {
            path.append(path.isEmpty() || name == null ? "" : ".").append(name == null ? "[]" : name);
        }
        return path.length() <= SHOWN_CHARACTERS ? path.toString() : path.substring(0, SHOWN_CHARACTERS) + "…";
    }
}
