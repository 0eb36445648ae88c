package org.usageledger.api.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An answer that lists objects: these as the very bytes that came, so that nothing of an event is written anew, and what stands beside
 * the list as a tree.
 */
record ObjectsPage(List<byte[]> objects, ObjectNode rest) {
    private static final JsonFactory FACTORY = new ObjectMapper().getFactory();

    /**
     * @param list the name of the field that lists them
     * @throws CommandFailed if the answer is a refusal, or not of this shape
     */
    static ObjectsPage of(Answer answer, String list) {
        if (!answer.succeeded()) {
            throw Problem.of(answer).failure();
        }
        try (JsonParser parser = FACTORY.createParser(answer.body().array())) {
            return read(parser, answer.body().array(), list);
        } catch (IOException e) {
            throw new CommandFailed("The service's answer is not JSON. Is LEDGER_URL that of a ledger?", e);
        }
    }

    private static ObjectsPage read(JsonParser parser, byte[] body, String list) throws IOException {
        List<byte[]> objects = new ArrayList<>();
        ObjectNode rest = JsonText.object();
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new CommandFailed("The service's answer is not what a ledger says. Is LEDGER_URL right?");
        }
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            parser.nextToken();
            if (field.equals(list) && parser.currentToken() == JsonToken.START_ARRAY) {
                readObjects(parser, body, objects);
            } else {
                rest.set(field, parser.readValueAsTree());
            }
        }
        return new ObjectsPage(objects, rest);
    }

    private static void readObjects(JsonParser parser, byte[] body, List<byte[]> objects) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            int to = (int) parser.currentLocation().getByteOffset();
            objects.add(Arrays.copyOfRange(body, from, to));
        }
    }
}
