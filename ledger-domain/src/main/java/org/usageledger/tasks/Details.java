package org.usageledger.tasks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.usageledger.tasks.TaskStatus.Completed;

/** What a task tells of an activation, in its own words, and that as the JSON that is stored. */
final class Details {
    /** Enough for a message of the database with what it was about; it is one line of a listing. */
    static final int SUMMARY_CHARACTERS = 2_000;

    /** Deeper is no report but a structure that contains itself. */
    private static final int NESTING = 16;

    /** Of JSON. Reports of all nodes are read together, and each is written twice an activation. */
    static final int JSON_CHARACTERS = 64 * 1024;

    static final String SCHEMA = "schema";
    static final String SUMMARY = "summary";
    private static final String LEFT_OUT = "left_out_characters";

    private static final int REPLACEMENT = 0xfffd;
    private static final JsonFactory JSON = new JsonFactory();

    private Details() {}

    /** What is stored beside the columns of a report. */
    record Stored(int schema, String summary, Map<String, Object> details) {}

    static String line(String text) {
        return storable(text.length() <= SUMMARY_CHARACTERS ? text : text.substring(0, SUMMARY_CHARACTERS));
    }

    /** In the same order, whole numbers as {@link Long}, and never changed again. */
    static Map<String, Object> copy(Map<String, Object> details) {
        if (details.containsKey(SCHEMA) || details.containsKey(SUMMARY)) {
            throw new IllegalArgumentException("schema and summary are told elsewhere: " + details.keySet());
        }
        return copy(details, NESTING);
    }

    private static Map<String, Object> copy(Map<?, ?> details, int levels) {
        Map<String, Object> copy = new LinkedHashMap<>();
        details.forEach((name, value) -> copy.put(storable(String.valueOf(name)), copy(value, levels - 1)));
        return Collections.unmodifiableMap(copy);
    }

    private static Object copy(Object value, int levels) {
        if (levels < 0) {
            throw new IllegalArgumentException("details are nested at most " + NESTING + " deep");
        }
        return switch (value) {
            case String text -> storable(text);
            case Integer number -> number.longValue();
            case Long number -> number;
            case Boolean truth -> truth;
            case Map<?, ?> map -> copy(map, levels);
            case List<?> list ->
                list.stream().map(element -> copy(element, levels - 1)).toList();
            default -> throw new IllegalArgumentException("no detail to be shown: " + value.getClass());
        };
    }

    /** Without what neither the database nor UTF-8 can hold. */
    private static String storable(String text) {
        StringBuilder storable = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? REPLACEMENT : c)
                .forEach(storable::appendCodePoint);
        return storable.toString();
    }

    /** An object that begins with {@code schema} and {@code summary}. Details that are too long are left out, and that is said. */
    static String json(Completed completed) {
        String json = json(completed, completed.details());
        return json.length() <= JSON_CHARACTERS ? json : json(completed, Map.of(LEFT_OUT, (long) json.length()));
    }

    private static String json(Completed completed, Map<String, Object> details) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(SCHEMA, (long) completed.schema());
        all.put(SUMMARY, completed.summary());
        all.putAll(details);
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(json, all);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        switch (value) {
            case Long number -> json.writeNumber(number);
            case Boolean truth -> json.writeBoolean(truth);
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.writeFieldName(String.valueOf(entry.getKey()));
                    write(json, entry.getValue());
                }
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                for (Object element : list) {
                    write(json, element);
                }
                json.writeEndArray();
            }
            default -> json.writeString(value.toString());
        }
    }

    /** What {@link #json} wrote, in this version or another: what it does not know is kept as it is. */
    static Stored read(String text) {
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            Map<String, Object> all = new LinkedHashMap<>();
            if (value(json) instanceof Map<?, ?> read) {
                read.forEach((name, value) -> all.put(String.valueOf(name), value));
            }
            int schema = all.remove(SCHEMA) instanceof Long number ? number.intValue() : 0;
            String summary = all.remove(SUMMARY) instanceof String line ? line : "";
            return new Stored(schema, summary, Collections.unmodifiableMap(all));
        } catch (IOException e) {
            throw new IllegalStateException("the database keeps nothing but JSON here", e);
        }
    }

    private static Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String name = json.currentName();
                    json.nextToken();
                    map.put(name, value(json));
                }
                yield Collections.unmodifiableMap(map);
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(json));
                }
                yield List.copyOf(list);
            }
            case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
            case VALUE_NUMBER_INT ->
                json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? json.getText()
                        : (Object) json.getLongValue();
            default -> json.getText();
        };
    }
}
