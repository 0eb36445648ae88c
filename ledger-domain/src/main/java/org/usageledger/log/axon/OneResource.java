package org.usageledger.log.axon;

import java.util.HashSet;
import java.util.Set;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.EventCriterion;
import org.axonframework.messaging.eventstreaming.Tag;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Lifecycle;
import org.usageledger.lifecycle.Resource;

/**
 * The criteria by which the ledger finds and conditions: one resource, and of its states some or all. There is an index for that and for nothing else,
 * and a condition on one resource is all that the log judges.
 *
 * @param states empty: all
 */
record OneResource(Resource resource, Set<String> states) {
    /** A name that no message has: whatever matches it without a tag matches everything. */
    private static final QualifiedName NOBODY = new QualifiedName("org.usageledger.nobody");

    private static final String ALLOWED =
            "; what can be served is one resource (tag \"resource\", such as process:GUID), with any of its states as types";

    /** @throws IllegalArgumentException if the criteria are anything else */
    static OneResource of(EventCriteria criteria) {
        // Criteria that are "anything or …" do not show it when flattened.
        if (criteria.matches(NOBODY, Set.of())) {
            throw refused(criteria);
        }
        Set<Resource> resources = new HashSet<>();
        Set<String> states = new HashSet<>();
        boolean allStates = false;
        for (EventCriterion criterion : criteria.flatten()) {
            Resource resource = resource(criterion);
            resources.add(resource);
            allStates |= criterion.types().isEmpty();
            EventKind kind = Lifecycle.of(resource.kind()).eventKind();
            criterion
                    .types()
                    .forEach(type -> states.add(EventMessages.state(kind, type).orElseThrow(() -> refused(criterion))));
        }
        if (resources.size() != 1) {
            throw refused(criteria);
        }
        return new OneResource(resources.iterator().next(), allStates ? Set.of() : Set.copyOf(states));
    }

    private static Resource resource(EventCriterion criterion) {
        if (criterion.tags().size() != 1) {
            throw refused(criterion);
        }
        Tag tag = criterion.tags().iterator().next();
        return LedgerTags.resource(tag).orElseThrow(() -> refused(criterion));
    }

    private static IllegalArgumentException refused(EventCriteria criteria) {
        return new IllegalArgumentException("the ledger does not find events by " + criteria + ALLOWED);
    }
}
