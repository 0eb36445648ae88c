package org.usageledger.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.usageledger.event.UsageEvent;

/** What writers tried and were told, and what readers saw. Events go by their guids, which a history uses once. Thread-safe. */
final class History {
    /** An event at a position. */
    record At(long position, String guid) {}

    /** One reader's reading, in its order; used by one thread. */
    static final class Reading {
        final String reader;
        final List<At> seen = new ArrayList<>();

        private Reading(String reader) {
            this.reader = reader;
        }

        /** It was handed these events as a page or a part of a stream. */
        void saw(List<LoggedEvent> events) {
            events.forEach(event -> seen.add(new At(event.position(), guid(event))));
        }
    }

    final Set<String> attempted = ConcurrentHashMap.newKeySet();
    final Queue<At> acknowledged = new ConcurrentLinkedQueue<>();
    final Set<String> suppressed = ConcurrentHashMap.newKeySet();
    final Set<String> denied = ConcurrentHashMap.newKeySet();
    final Set<String> inDoubt = ConcurrentHashMap.newKeySet();
    final Map<String, Reading> readings = new LinkedHashMap<>();

    /** In the end: what the log holds, and which stops are kept aside. */
    final List<At> there = new ArrayList<>();

    final Set<String> aside = ConcurrentHashMap.newKeySet();

    synchronized Reading reading(String reader) {
        return readings.computeIfAbsent(reader, Reading::new);
    }

    void attempts(List<? extends UsageEvent> events) {
        events.forEach(event -> attempted.add(event.guid()));
    }

    /** Notes what the log answered to these events. */
    void answered(List<? extends UsageEvent> events, AppendResult result) {
        switch (result) {
            case AppendResult.Done done -> {
                for (int i = 0; i < events.size(); i++) {
                    told(events.get(i).guid(), done.outcomes().get(i));
                }
            }
            case AppendResult.Unknown unknown -> events.forEach(event -> inDoubt.add(event.guid()));
            case AppendResult.Refused refused -> deny(events);
            case AppendResult.Fenced fenced -> deny(events);
            case AppendResult.NodeExpunged expunged -> deny(events);
            case AppendResult.Overloaded overloaded -> deny(events);
            case AppendResult.Failed failed -> deny(events);
        }
    }

    private void deny(List<? extends UsageEvent> events) {
        events.forEach(event -> denied.add(event.guid()));
    }

    private void told(String guid, Outcome outcome) {
        switch (outcome) {
            case Outcome.Recorded recorded -> acknowledged.add(new At(recorded.position(), guid));
            case Outcome.Duplicate duplicate -> acknowledged.add(new At(duplicate.position(), guid));
            case Outcome.Suppressed aside -> suppressed.add(guid);
            case Outcome.Conflict conflict -> denied.add(guid);
            case Outcome.Forgotten forgotten -> denied.add(guid);
            case Outcome.ConditionFailed failed -> denied.add(guid);
        }
    }

    /** Notes what there is in the end. */
    void ended(List<LoggedEvent> everything, List<SuppressedStop> stops) {
        everything.forEach(event -> there.add(new At(event.position(), guid(event))));
        stops.stream().filter(stop -> stop.recordedPosition() == null).forEach(stop -> aside.add(stop.guid()));
    }

    static String guid(LoggedEvent event) {
        String json = event.body().toString();
        int begin = json.indexOf("\"guid\":\"") + 8;
        return json.substring(begin, json.indexOf('"', begin));
    }
}
