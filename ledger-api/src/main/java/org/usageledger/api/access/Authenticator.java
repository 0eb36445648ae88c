package org.usageledger.api.access;

import io.micronaut.http.HttpRequest;

/** Finds out who sends a request. May wait for the issuer's keys: not for event loops. */
interface Authenticator extends AutoCloseable {
    Verdict authenticate(HttpRequest<?> request);

    @Override
    default void close() {}

    /** Where nobody says who they are; a token that is sent all the same is not looked at. */
    static Authenticator none() {
        return request -> new Verdict.Known(Caller.at(Caller.addressOf(request)));
    }
}
