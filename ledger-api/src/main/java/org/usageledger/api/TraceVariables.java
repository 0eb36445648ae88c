package org.usageledger.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.usageledger.api.observe.TraceSettings;

/** Where spans are sent, read from the environment variables that OpenTelemetry names. */
record TraceVariables(Variables variables) {
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
    private static final String RATIO = "OTEL_TRACES_SAMPLER_ARG";

    /** What a header may be called (RFC 9110). */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    /** @throws StartRefused if they cannot be read */
    TraceSettings traces() {
        return variables
                .text(ENDPOINT)
                .map(endpoint -> new TraceSettings(
                        Optional.of(TraceSettings.otlp(address(endpoint), headers())),
                        ratio(),
                        variables.text("OTEL_SERVICE_NAME", TraceSettings.SERVICE)))
                .orElse(TraceSettings.OFF);
    }

    private static URI address(String text) {
        try {
            URI uri = new URI(text).parseServerAuthority();
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException _) {
            // Refused like an address of another kind.
        }
        throw new StartRefused(ENDPOINT + " is no http://HOST:PORT of a collector that takes OTLP over HTTP, such as"
                + " http://127.0.0.1:4318.");
    }

    /** Their values may be secret: a refusal does not repeat them. */
    private Map<String, String> headers() {
        String text = variables.text(HEADERS, "");
        if (text.isEmpty()) {
            return Map.of();
        }
        try {
            return Arrays.stream(text.split(",", -1))
                    .map(header -> header.split("=", 2))
                    .collect(Collectors.toMap(
                            header -> name(header[0].strip()),
                            header ->
                                    URLDecoder.decode(header[1].strip().replace("+", "%2B"), StandardCharsets.UTF_8)));
        } catch (ArrayIndexOutOfBoundsException | IllegalArgumentException | IllegalStateException e) {
            throw new StartRefused(HEADERS + " is no list of NAME=VALUE, separated by commas.");
        }
    }

    private static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("no name of a header");
        }
        return text;
    }

    private double ratio() {
        String text = variables.text(RATIO, "1");
        try {
            double ratio = Double.parseDouble(text);
            if (ratio >= 0 && ratio <= 1) {
                return ratio;
            }
        } catch (NumberFormatException _) {
            // Refused like a number out of range.
        }
        throw new StartRefused(RATIO + " is \"" + text + "\"; set it to a number from 0 to 1.");
    }
}
