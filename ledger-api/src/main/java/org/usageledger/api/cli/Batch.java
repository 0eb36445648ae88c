package org.usageledger.api.cli;

import java.util.List;

/** Consecutive events of the input that travel in one request. */
record Batch(List<Entry> entries) {
    Batch {
        entries = List.copyOf(entries);
    }

    Entry first() {
        return entries.getFirst();
    }

    Entry last() {
        return entries.getLast();
    }

    int size() {
        return entries.size();
    }

    int bytes() {
        return entries.stream().mapToInt(entry -> entry.json().size() + 1).sum();
    }

    Bytes ndjson() {
        byte[] body = new byte[bytes()];
        int at = 0;
        for (Entry entry : entries) {
            System.arraycopy(entry.json().array(), 0, body, at, entry.json().size());
            at += entry.json().size();
            body[at++] = '\n';
        }
        return new Bytes(body);
    }

    Batch firstHalf() {
        return new Batch(entries.subList(0, size() / 2));
    }

    Batch secondHalf() {
        return new Batch(entries.subList(size() / 2, size()));
    }
}
