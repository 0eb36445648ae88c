package org.usageledger.log;

import org.usageledger.lifecycle.Effect;

/**
 * What is on record of a task when its stop comes.
 *
 * @param begun whether a beginning is on record
 * @param open whether a run is open
 */
record Evidence(boolean begun, boolean open) {
    static final Evidence NONE = new Evidence(false, false);

    Evidence after(Effect effect) {
        return switch (effect) {
            case NONE -> this;
            case BEGINS, BEGINS_AS_BASELINE -> new Evidence(true, true);
            case ENDS -> new Evidence(begun, false);
        };
    }

    SuppressionReason whyNot() {
        return begun ? SuppressionReason.ALREADY_ENDED : SuppressionReason.NO_START_ON_RECORD;
    }
}
