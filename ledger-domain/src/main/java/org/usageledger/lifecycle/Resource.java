package org.usageledger.lifecycle;

/**
 * One thing that runs: a process, a task, a service instance, or the staging of an app.
 *
 * @param key the platform's guid of it, never empty
 */
public record Resource(ResourceKind kind, String key) {
    public Resource {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("a resource needs a key");
        }
    }

    /**
     * A 64-bit stand-in for kind and key, which keeps the log's index small. Two resources may share it, so whoever looks up by
     * it compares the key too. FNV-1a over the kind's code and the key's UTF-16 units, then mixed; part of the stored form.
     */
    public long hash() {
        long hash = (0xcbf29ce484222325L ^ kind.code()) * 0x100000001b3L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        return hash ^ (hash >>> 33);
    }
}
