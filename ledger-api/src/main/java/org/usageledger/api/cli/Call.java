package org.usageledger.api.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One request to the service.
 *
 * @param path with its query, from the root of the service
 * @param body what is sent; empty for none
 * @param deadline for the whole exchange, the answer's last byte included
 */
record Call(String method, String path, Map<String, String> headers, Bytes body, Duration deadline) {
    static Call get(String path, Duration deadline) {
        return new Call("GET", path, Map.of("Accept", "application/json"), Bytes.NONE, deadline);
    }

    static Call post(String path, String contentType, Bytes body, Duration deadline) {
        return sending("POST", path, contentType, body, deadline);
    }

    static Call put(String path, String contentType, Bytes body, Duration deadline) {
        return sending("PUT", path, contentType, body, deadline);
    }

    static Call delete(String path, Duration deadline) {
        return new Call("DELETE", path, Map.of("Accept", "application/json"), Bytes.NONE, deadline);
    }

    private static Call sending(String method, String path, String contentType, Bytes body, Duration deadline) {
        return new Call(
                method, path, Map.of("Accept", "application/json", "Content-Type", contentType), body, deadline);
    }

    Call with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Call(method, path, all, body, deadline);
    }
}
