package org.usageledger.api.house;

/**
 * A place where a rule does not hold.
 *
 * @param where a file, or a file and a member after a {@code #}; stable enough to name in a list of exceptions
 * @param what what was found there, for the reader of the failure
 */
record Breach(String where, String what) {

    @Override
    public String toString() {
        return where + ": " + what;
    }
}
