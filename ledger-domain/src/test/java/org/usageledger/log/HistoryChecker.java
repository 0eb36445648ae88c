package org.usageledger.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Judges a history by the promises of the log: nothing acknowledged is lost, nothing is there twice, readers see all in one order. */
final class HistoryChecker {
    /** What can be wrong. */
    enum Promise {
        /** An acknowledged event is not there. */
        LOST,
        /** An acknowledged event is there, but not at the position that was answered. */
        ELSEWHERE,
        /** An event is there twice. */
        TWICE,
        /** Something is there that nobody tried to append. */
        NOT_ATTEMPTED,
        /** An event is there although every attempt was answered with a no. */
        DENIED_BUT_THERE,
        /** The positions from 1 to the last are not all taken exactly once. */
        NOT_DENSE,
        /** A reader went past a position without seeing it. */
        MISSED,
        /** A reader was handed a position again, or a lower one after a higher one. */
        OUT_OF_ORDER,
        /** A reader saw another event at a position than is there. */
        DIFFERENT
    }

    /** One promise broken by one event or reader. */
    record Violation(Promise promise, String what) {}

    private final History history;
    private final List<Violation> violations = new ArrayList<>();
    private final Map<Long, String> byPosition = new HashMap<>();
    private final Map<String, Long> byGuid = new HashMap<>();

    private HistoryChecker(History history) {
        this.history = history;
    }

    static List<Violation> check(History history) {
        HistoryChecker checker = new HistoryChecker(history);
        checker.checkLog();
        checker.checkAnswers();
        history.readings.values().forEach(checker::checkReading);
        return checker.violations;
    }

    private void broken(Promise promise, Object what) {
        violations.add(new Violation(promise, what.toString()));
    }

    private void checkLog() {
        long expected = 1;
        for (History.At at : history.there) {
            if (at.position() != expected) {
                broken(Promise.NOT_DENSE, "position " + expected + " expected, there is " + at);
            }
            expected = at.position() + 1;
            byPosition.put(at.position(), at.guid());
            Long before = byGuid.put(at.guid(), at.position());
            if (before != null) {
                broken(Promise.TWICE, at + " and at " + before);
            }
            if (!history.attempted.contains(at.guid())) {
                broken(Promise.NOT_ATTEMPTED, at);
            }
        }
    }

    private void checkAnswers() {
        Set<String> saidYes = new HashSet<>(history.suppressed);
        for (History.At answer : history.acknowledged) {
            saidYes.add(answer.guid());
            if (!byGuid.containsKey(answer.guid())) {
                broken(Promise.LOST, answer);
            } else if (!answer.guid().equals(byPosition.get(answer.position()))) {
                broken(Promise.ELSEWHERE, answer + " is at " + byGuid.get(answer.guid()));
            }
        }
        for (String guid : history.suppressed) {
            if (!byGuid.containsKey(guid) && !history.aside.contains(guid)) {
                broken(Promise.LOST, "suppressed " + guid);
            }
        }
        for (String guid : history.denied) {
            boolean onlyDenied = !saidYes.contains(guid) && !history.inDoubt.contains(guid);
            if (onlyDenied && byGuid.containsKey(guid)) {
                broken(Promise.DENIED_BUT_THERE, guid);
            }
        }
    }

    /** A reader begins with position 1. */
    private void checkReading(History.Reading reading) {
        long last = 0;
        for (History.At at : reading.seen) {
            if (at.position() <= last) {
                broken(Promise.OUT_OF_ORDER, reading.reader + " saw " + at + " after " + last);
            } else {
                missed(reading, last, at.position());
            }
            last = Math.max(last, at.position());
            if (!at.guid().equals(byPosition.get(at.position()))) {
                broken(
                        Promise.DIFFERENT,
                        reading.reader + " saw " + at + ", there is " + byPosition.get(at.position()));
            }
        }
        missed(
                reading,
                last,
                history.there.isEmpty() ? 0 : history.there.getLast().position() + 1);
    }

    private void missed(History.Reading reading, long last, long next) {
        for (long position = last + 1; position < next; position++) {
            broken(Promise.MISSED, reading.reader + " did not see position " + position);
        }
    }
}
