package org.usageledger.api.access;

import io.micronaut.http.HttpRequest;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request.
 *
 * @param subject as the token's issuer calls them; empty where nobody has said who they are
 * @param client the program that the token was issued to; empty where the token does not say
 * @param address of the connection, which behind a proxy is the proxy's
 * @param scopes of those that some route asks for
 */
public record Caller(Optional<String> subject, Optional<String> client, String address, Set<String> scopes) {
    /** Of a name that is kept, in characters. */
    static final int NAME_CHARACTERS = 255;

    private static final String ATTRIBUTE = "ledger.caller";
    private static final String NOBODY = "unauthenticated";

    /** Somebody who has not said who they are. */
    static Caller at(String address) {
        return new Caller(Optional.empty(), Optional.empty(), address, Set.of());
    }

    static String addressOf(HttpRequest<?> request) {
        InetSocketAddress remote = request.getRemoteAddress();
        return remote.getAddress() == null
                ? remote.getHostString()
                : remote.getAddress().getHostAddress();
    }

    /** For the record: the subject, and the client where it is another. */
    public String name() {
        String who = subject.or(() -> client).orElse(NOBODY);
        return client.filter(program -> !program.equals(who))
                .map(program -> bounded(who + " by " + program, NAME_CHARACTERS))
                .orElse(who);
    }

    /** One caller is one key: who they say they are, else where they come from. */
    String key() {
        // A line's end stands in no name that was bounded: of two names no third is made.
        return isKnown() ? "name " + subject.orElse("") + "\n" + client.orElse("") : "address " + address;
    }

    /** What tells this caller from others; empty where nobody has to say who they are. */
    public Optional<String> identity() {
        return isKnown() ? Optional.of(key()) : Optional.empty();
    }

    boolean isKnown() {
        return subject.isPresent() || client.isPresent();
    }

    void attachTo(HttpRequest<?> request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /** Who sent a request that was let in. */
    public static Caller of(HttpRequest<?> request) {
        return request.getAttribute(ATTRIBUTE, Caller.class)
                .orElseThrow(() -> new IllegalStateException("a request came past the look at who sends it"));
    }

    /** A name from outside as it is kept: short, and nothing in it that steers a terminal or that the database cannot hold. */
    static String bounded(@Nullable String text, int characters) {
        StringBuilder kept = new StringBuilder();
        String whole = text == null ? "" : text;
        for (int at = 0; at < whole.length(); ) {
            int each = whole.codePointAt(at);
            if (kept.length() + Character.charCount(each) > characters) {
                break;
            }
            boolean odd = Character.isISOControl(each) || Character.getType(each) == Character.SURROGATE;
            kept.appendCodePoint(odd ? '?' : each);
            at += Character.charCount(each);
        }
        return kept.toString();
    }
}
