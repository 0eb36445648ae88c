package org.usageledger.api.access;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Callers who send a token in the header Authorization (RFC 6750), and nowhere else: what stands in an address ends up in logs. */
final class BearerTokens implements Authenticator {
    /** Characters of a token; a user with every scope of a large foundation stays below a quarter. */
    static final int TOKEN_CHARACTERS = 16 << 10;

    private static final Pattern BEARER = Pattern.compile("bearer +([A-Za-z0-9._~+/-]+=*)", Pattern.CASE_INSENSITIVE);

    private final TokenCheck check;

    BearerTokens(TokenCheck check) {
        this.check = check;
    }

    @Override
    public Verdict authenticate(HttpRequest<?> request) {
        List<String> sent = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
        if (sent.isEmpty()) {
            return new Verdict.Missing();
        }
        if (sent.size() > 1) {
            return new Verdict.Ambiguous("The header Authorization was sent " + sent.size() + " times; send it once.");
        }
        String credentials = sent.getFirst().strip();
        if (!credentials.regionMatches(true, 0, "bearer", 0, "bearer".length())) {
            return new Verdict.Missing();
        }
        if (credentials.length() > TOKEN_CHARACTERS) {
            return new Verdict.Refused("The token is longer than " + TOKEN_CHARACTERS + " characters.");
        }
        Matcher bearer = BEARER.matcher(credentials);
        return bearer.matches()
                ? check.check(bearer.group(1), Caller.addressOf(request))
                : new Verdict.Refused("The header Authorization is not the word Bearer and a token.");
    }

    @Override
    public void close() {
        check.close();
    }
}
