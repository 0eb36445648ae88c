package org.usageledger.jobs;

/** What is kept of an error beside its execution. */
final class ErrorText {
    private static final int CHARACTERS = 2_000;

    private ErrorText() {}

    static String of(Throwable error) {
        return of(error.toString());
    }

    /** No longer than anybody reads, and without the one character that the database does not keep. */
    static String of(String text) {
        String kept = text.length() <= CHARACTERS ? text : text.substring(0, CHARACTERS);
        return kept.replace('\0', '\ufffd');
    }
}
