package org.usageledger.lifecycle;

/** What an event does to the run of its resource. A new effect does not compile until every fold answers it. */
public enum Effect {
    /** Changes nothing: a staging detail, or a state that nobody declared. */
    NONE(0),
    /** Begins a run, or gives the open one a new size. */
    BEGINS(1),
    /** Begins a run if none is open; says nothing new inside an open one. */
    BEGINS_AS_BASELINE(2),
    /** Ends the open run; a stray if none is open. */
    ENDS(3);

    private final int code;

    Effect(int code) {
        this.code = code;
    }

    /** The number that is stored; never changes its meaning. */
    public int code() {
        return code;
    }

    /** Whether it can open a run. */
    public boolean begins() {
        return this == BEGINS || this == BEGINS_AS_BASELINE;
    }

    /** The effect of a stored number. */
    public static Effect ofCode(int code) {
        for (Effect effect : values()) {
            if (effect.code == code) {
                return effect;
            }
        }
        throw new IllegalArgumentException("no effect has the stored code " + code);
    }
}
