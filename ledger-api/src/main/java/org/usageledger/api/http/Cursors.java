package org.usageledger.api.http;

import org.usageledger.log.Cursor;
import org.usageledger.log.CursorRefusal;

/** What the holder of a cursor is told that cannot be served: how to go on, for each case its own. */
public final class Cursors {
    private Cursors() {}

    public static Problem malformed(String parameter, String text) {
        return Problem.of(
                ProblemType.CURSOR_MALFORMED,
                "The parameter \"" + parameter + "\" is \"" + Query.shown(text)
                        + "\", which this ledger never handed out. Send a cursor from a field \"next\" unchanged, or begin anew"
                        + " with \"oldest\" or \"newest\".",
                json -> json.writeStringField("parameter", parameter));
    }

    /** One switch for every face that takes cursors. */
    public static Problem refused(CursorRefusal refusal) {
        return switch (refusal) {
            case CursorRefusal.BeyondHead beyond ->
                Problem.of(
                        ProblemType.CURSOR_BEYOND_HEAD,
                        "The cursor " + beyond.cursor() + " is beyond the head " + beyond.head()
                                + ": it comes from another ledger, or from a history that this database has lost. Check which"
                                + " ledger it belongs to; if it is this one, its history was restored from an older state.",
                        json -> {
                            json.writeStringField("cursor", beyond.cursor().toString());
                            json.writeStringField("head", beyond.head().toString());
                        });
            case CursorRefusal.Forked forked ->
                Problem.of(
                        ProblemType.CURSOR_FORKED,
                        "The history of the cursor " + forked.cursor() + " ended at " + forked.rewindTo()
                                + ". Undo what was read after position "
                                + forked.rewindTo().position()
                                + " and go on from the cursor in \"rewind_to\".",
                        json -> {
                            json.writeStringField("cursor", forked.cursor().toString());
                            goOn(json, "rewind_to", forked.rewindTo());
                        });
            case CursorRefusal.Pruned pruned ->
                Problem.of(
                        ProblemType.CURSOR_PRUNED,
                        "Events after position " + pruned.cursor().position() + " and up to " + pruned.prunedUpTo()
                                + " were pruned before the holder of this cursor read them. Going on from the cursor in"
                                + " \"go_on_with\" acknowledges that.",
                        json -> {
                            json.writeStringField("cursor", pruned.cursor().toString());
                            json.writeObjectFieldStart("missing");
                            json.writeNumberField("after", pruned.cursor().position());
                            json.writeNumberField("up_to", pruned.prunedUpTo());
                            json.writeEndObject();
                            goOn(json, "go_on_with", pruned.goOnWith());
                        });
        };
    }

    private static void goOn(com.fasterxml.jackson.core.JsonGenerator json, String field, Cursor cursor)
            throws java.io.IOException {
        json.writeStringField(field, cursor.toString());
        json.writeStringField("next", cursor.toString());
    }
}
