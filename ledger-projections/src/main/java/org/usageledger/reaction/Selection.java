package org.usageledger.reaction;

import java.util.Set;
import org.usageledger.lifecycle.Effect;

/**
 * Which events a reaction is about, so that the database leaves out all others.
 *
 * @param effects of these effects
 * @param except but not of these states
 */
public record Selection(Set<Effect> effects, Set<String> except) {
    public Selection {
        effects = Set.copyOf(effects);
        except = Set.copyOf(except);
    }
}
