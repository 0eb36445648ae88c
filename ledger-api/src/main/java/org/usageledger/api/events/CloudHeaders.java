package org.usageledger.api.events;

import io.micronaut.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** The attributes of a CloudEvent as headers, the way the HTTP binding writes them: percent-encoded UTF-8. */
final class CloudHeaders {
    private static final String HEX = "0123456789ABCDEF";

    private CloudHeaders() {}

    /** Whether a request is a CloudEvent in binary mode. */
    static boolean mark(HttpHeaders headers) {
        return headers.contains(CloudEvents.HEADER_PREFIX + "specversion");
    }

    static CloudAttributes read(HttpHeaders headers) {
        CloudAttributes attributes = new CloudAttributes(0, CloudEvents.HEADER_PREFIX);
        TreeSet<String> names = new TreeSet<>();
        headers.names().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        for (String header : names.tailSet(CloudEvents.HEADER_PREFIX)) {
            if (header.startsWith(CloudEvents.HEADER_PREFIX)) {
                read(attributes, header.substring(CloudEvents.HEADER_PREFIX.length()), headers.getAll(header));
            }
        }
        return attributes;
    }

    private static void read(CloudAttributes attributes, String name, List<String> sent) {
        if (!attributes.isNew(name)) {
            return;
        }
        if (sent.size() > 1) {
            attributes.bad(name, "stands twice; send it once");
        } else if (name.equals("datacontenttype")) {
            attributes.bad(name, "has no header of its own in binary mode; Content-Type is it");
        } else {
            try {
                attributes.set(name, decode(sent.getFirst()));
            } catch (CharacterCodingException _) {
                attributes.bad(
                        name, "is no percent-encoded UTF-8; encode what is not printable ASCII, and the percent sign");
            }
        }
    }

    static String decode(String header) throws CharacterCodingException {
        String text = unquoted(header);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                throw new CharacterCodingException();
            }
            if (c == '%') {
                bytes.write(encoded(text, i + 1));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes.toByteArray()))
                .toString();
    }

    private static int encoded(String text, int at) throws CharacterCodingException {
        int high = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
        int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        if (high < 0 || low < 0) {
            throw new CharacterCodingException();
        }
        return high * 16 + low;
    }

    /** Without the quotes and escapes of a quoted string, if it is one. */
    private static String unquoted(String header) {
        boolean quoted = header.length() > 1 && header.startsWith("\"") && header.endsWith("\"");
        return quoted ? header.substring(1, header.length() - 1).replaceAll("\\\\(.)", "$1") : header;
    }

    static String encode(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > ' ' && b <= '~' && b != '"' && b != '%';
            if (plain) {
                text.append((char) b);
            } else {
                text.append('%').append(HEX.charAt((b >> 4) & 0xf)).append(HEX.charAt(b & 0xf));
            }
        }
        return text.toString();
    }
}
