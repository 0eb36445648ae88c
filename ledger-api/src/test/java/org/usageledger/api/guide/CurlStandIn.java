package org.usageledger.api.guide;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** As much of curl as the guide uses, for machines without one: {@code -s}, {@code -H}, {@code --data-binary @FILE} and an address. */
final class CurlStandIn {
    private CurlStandIn() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder();
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        while (!left.isEmpty()) {
            String argument = left.removeFirst();
            switch (argument) {
                case "-s" -> {}
                case "-H" -> {
                    String[] header = left.removeFirst().split(": ", 2);
                    request.header(header[0], header[1]);
                }
                case "--data-binary" ->
                    request.POST(
                            BodyPublishers.ofFile(Path.of(left.removeFirst().substring(1))));
                default -> request.uri(URI.create(argument));
            }
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            System.out.write(
                    client.send(request.build(), BodyHandlers.ofByteArray()).body());
            System.out.flush();
        }
    }
}
