package org.usageledger.api.foundation;

/** A space and the organization it belongs to. */
record Place(Ref organization, Ref space) {
    boolean production() {
        return "prod".equals(space.name());
    }

    boolean development() {
        return "dev".equals(space.name());
    }
}
