package org.usageledger.api.foundation;

import org.jspecify.annotations.Nullable;

/** What an event refers to: by guid, and by name or type. Both are null where there is none. */
record Ref(@Nullable String guid, @Nullable String name) {
    static final Ref NONE = new Ref(null, null);

    /** The guid of something that is there. */
    String key() {
        if (guid == null) {
            throw new IllegalStateException("this event refers to nothing of the kind");
        }
        return guid;
    }
}
