package org.usageledger.event;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds a name that stands twice in one JSON object. Objects of an event have few fields, so the first of them are compared one by
 * one; a set takes over beyond, so that an object of thousands costs no more per field.
 */
final class FieldNames {
    private static final int COMPARED = 16;

    private final int[] counts;
    private final @Nullable String[][] few;
    private final @Nullable Set<String>[] many;
    private int open = -1;

    /**
     * @param depth objects that may be open within each other
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    FieldNames(int depth) {
        counts = new int[depth];
        few = new @Nullable String[depth][COMPARED];
        many = new Set[depth];
    }

    void clear() {
        open = -1;
    }

    void openObject() {
        open++;
        counts[open] = 0;
        many[open] = null;
    }

    void closeObject() {
        open--;
    }

    /** Whether the innermost open object has not had this name before. */
    boolean isNew(String name) {
        int count = counts[open];
        Set<String> set = many[open];
        if (set != null) {
            return set.add(name);
        }
        for (int i = 0; i < count; i++) {
            String seen = few[open][i];
            if (name.hashCode() == (seen == null ? 0 : seen.hashCode()) && name.equals(seen)) {
                return false;
            }
        }
        if (count == COMPARED) {
            set = new HashSet<>();
            for (String seen : Arrays.asList(few[open])) {
                if (seen != null) {
                    set.add(seen);
                }
            }
            set.add(name);
            many[open] = set;
            return true;
        }
        few[open][count] = name;
        counts[open] = count + 1;
        return true;
    }
}
