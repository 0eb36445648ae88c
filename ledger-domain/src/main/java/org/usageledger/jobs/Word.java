package org.usageledger.jobs;

/**
 * What an operator says for the record.
 *
 * @param by who it is
 * @param why 1 to {@value #CHARACTERS} characters
 */
public record Word(String by, String why) {
    public static final int CHARACTERS = 1_000;

    public Word {
        if (why.isBlank() || why.length() > CHARACTERS) {
            throw new IllegalArgumentException("a reason has 1 to " + CHARACTERS + " characters");
        }
    }
}
