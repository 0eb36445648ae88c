package org.usageledger.api;

import java.util.Map;
import java.util.Optional;

/** Environment variables, one by one; what cannot be read is refused by its name. */
record Variables(Map<String, String> environment) {
    Optional<String> text(String name) {
        String value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    String text(String name, String fallback) {
        return text(name).orElse(fallback);
    }

    int number(String name, int fallback, int min, int max) {
        return Math.toIntExact(number(name, (long) fallback, min, max));
    }

    long number(String name, long fallback, long min, long max) {
        String value = text(name, String.valueOf(fallback));
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Refused like a number out of range.
        }
        throw new StartRefused(
                name + " is \"" + value + "\"; set it to a whole number from " + min + " to " + max + ".");
    }
}
