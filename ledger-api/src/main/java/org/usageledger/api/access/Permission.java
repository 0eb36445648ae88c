package org.usageledger.api.access;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a route asks of its caller, and the scopes that give it. One of them is enough. */
public enum Permission {
    /** Nobody has to say who they are. */
    ANYONE(List.of()),
    READ(List.of(
            "usage_ledger.read",
            "cloud_controller.global_auditor",
            "cloud_controller.admin_read_only",
            "cloud_controller.admin")),
    WRITE(List.of("usage_ledger.write")),
    ADMIN(List.of("usage_ledger.admin", "cloud_controller.admin"));

    /** Scopes that some route asks for; what else a token carries says nothing here. */
    static final Set<String> KNOWN_SCOPES = Stream.of(values())
            .flatMap(permission -> permission.scopes.stream())
            .collect(Collectors.toUnmodifiableSet());

    private final List<String> scopes;

    Permission(List<String> scopes) {
        this.scopes = scopes;
    }

    /** Any of these will do; empty where none is needed. */
    public List<String> scopes() {
        return scopes;
    }

    boolean isGivenBy(Set<String> held) {
        return this == ANYONE || !Collections.disjoint(scopes, held);
    }
}
