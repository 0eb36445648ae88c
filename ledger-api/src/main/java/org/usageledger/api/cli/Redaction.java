package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Takes out of texts what is not for others to read: the values that this process was given under names that sound secret, in every form
 * they are sent in, and whatever looks like a secret.
 */
final class Redaction {
    static final String REMOVED = "(removed)";

    /** Shorter values stand in too many words, and are no secret that anybody relies on. */
    private static final int SHORTEST_SECRET = 4;

    private static final Pattern SECRET_NAME = Pattern.compile(
            "(?i).*(token|password|passwd|pwd|secret|credential|authorization|api_?key|private_?key).*");

    /** Each with what stays in front of it as the first group. */
    private static final List<Pattern> SECRET_LOOKS = List.of(
            Pattern.compile("(?i)(\\bbearer\\s+)[\\w.~+/=-]+"),
            Pattern.compile("(?i)(\\bbasic\\s+)[\\w+/=-]{8,}"),
            Pattern.compile("()\\beyJ[\\w-]*\\.[\\w-]+(?:\\.[\\w-]*)?"),
            Pattern.compile("(\\b[a-zA-Z][\\w+.-]*://)[^/\\s@\"']*@"),
            Pattern.compile(
                    "(?i)([\\w-]*(?:token|password|passwd|pwd|secret|api_?key)[\\w-]*[\"']?\\s*[=:]\\s*[\"']?)[^\\s\"'&,;)}]+"),
            Pattern.compile("()-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|$)"));

    private final List<String> secrets;

    private Redaction(Set<String> secrets) {
        this.secrets = secrets.stream()
                .filter(secret -> secret.length() >= SHORTEST_SECRET)
                .flatMap(Redaction::forms)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /**
     * Knows what the environment holds, and what stands in the address of the service.
     *
     * @param environment of the process
     */
    static Redaction of(Map<String, String> environment, URI service) {
        Set<String> secrets = new TreeSet<>();
        environment.forEach((name, value) -> {
            if (SECRET_NAME.matcher(name).matches()) {
                secrets.add(value);
                secrets.add(value.strip());
            }
            addUserInfo(value, secrets);
        });
        addUserInfo(service.toString(), secrets);
        if (service.getRawQuery() != null) {
            Stream.of(service.getRawQuery().split("&", -1))
                    .map(parameter -> parameter.substring(parameter.indexOf('=') + 1))
                    .forEach(value -> {
                        secrets.add(value);
                        secrets.add(decoded(value));
                    });
        }
        return new Redaction(secrets);
    }

    private static void addUserInfo(String address, Set<String> secrets) {
        int scheme = address.indexOf("://");
        int at = address.indexOf('@', Math.max(scheme, 0));
        if (scheme < 0 || at < 0) {
            return;
        }
        String info = address.substring(scheme + "://".length(), at);
        String word = info.substring(info.indexOf(':') + 1);
        secrets.add(info);
        secrets.add(word);
        secrets.add(decoded(word));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return text;
        }
    }

    private static Stream<String> forms(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        String quoted = JsonText.line(TextNode.valueOf(secret));
        return Stream.of(
                secret,
                Query.encoded(secret),
                quoted.substring(1, quoted.length() - 1),
                Base64.getEncoder().withoutPadding().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    String text(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, REMOVED);
        }
        for (Pattern look : SECRET_LOOKS) {
            clean = look.matcher(clean).replaceAll("$1" + REMOVED);
        }
        return clean;
    }

    /** The same with every text in it, names included, so that it stays JSON; and without the values of names that sound secret. */
    JsonNode json(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode clean = JsonText.object();
                object.properties()
                        .forEach(field -> clean.set(
                                text(field.getKey()),
                                SECRET_NAME.matcher(field.getKey()).matches()
                                                && !field.getValue().isNull()
                                        ? TextNode.valueOf(REMOVED)
                                        : json(field.getValue())));
                yield clean;
            }
            case ArrayNode array -> {
                ArrayNode clean = JsonText.object().putArray("list");
                array.forEach(element -> clean.add(json(element)));
                yield clean;
            }
            case TextNode text -> TextNode.valueOf(text(text.textValue()));
            default -> node;
        };
    }
}
