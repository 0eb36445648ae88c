package org.usageledger.api.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/** The contract as a page for people: files that the service brings with it, so that it shows without a network. */
final class ContractPage {
    /** The browser itself keeps the page from asking anyone but this service, whatever a file of the library would like. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String OURS = "/contract-page/";
    private static final String LIBRARY = "/META-INF/resources/webjars/swagger-ui/" + version() + "/";

    private static final Map<String, Part> PARTS = Map.of(
            "page.js", new Part(OURS, "text/javascript; charset=utf-8"),
            "page.css", new Part(OURS, "text/css; charset=utf-8"),
            "swagger-ui-bundle.js", new Part(LIBRARY, "text/javascript; charset=utf-8"),
            "swagger-ui.css", new Part(LIBRARY, "text/css; charset=utf-8"),
            "favicon-32x32.png", new Part(LIBRARY, "image/png"));

    /** Files that were asked for, each read once: they are small and few, and unpacking them is what asking would cost. */
    private static final Map<String, byte[]> READ = new ConcurrentHashMap<>();

    private record Part(String folder, String mediaType) {}

    private ContractPage() {}

    /** Whether a request asks for a page before anything else, as browsers do. */
    static boolean isWanted(HttpRequest<?> request) {
        for (MediaType type : request.accept()) {
            if (type.getName().equals(MediaType.TEXT_HTML)) {
                return true;
            }
            if (type.getName().equals(MediaType.ALL) || type.getName().endsWith("/yaml")) {
                return false;
            }
        }
        return false;
    }

    static MutableHttpResponse<Content> page() {
        return file(OURS + "index.html", "text/html; charset=utf-8");
    }

    /** A file that the page is made of; empty if there is none of this name. */
    static Optional<MutableHttpResponse<Content>> part(String name) {
        return Optional.ofNullable(PARTS.get(name)).map(part -> file(part.folder() + name, part.mediaType()));
    }

    private static MutableHttpResponse<Content> file(String path, String mediaType) {
        return HttpResponse.ok(Content.of(READ.computeIfAbsent(path, ContractPage::read)))
                .header(HttpHeaders.CONTENT_TYPE, mediaType)
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer");
    }

    private static byte[] read(String path) {
        try (InputStream in = open(path)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("reading a file of the page", e);
        }
    }

    private static String version() {
        try (InputStream in = open("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("reading which version of the page's library there is", e);
        }
    }

    private static InputStream open(String path) throws IOException {
        InputStream in = ContractPage.class.getResourceAsStream(path);
        if (in == null) {
            throw new FileNotFoundException("the service was built without " + path);
        }
        return in;
    }
}
