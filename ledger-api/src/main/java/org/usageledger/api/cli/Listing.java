package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Prints objects of one sort, page by page, in one of the forms. */
final class Listing {
    private final Form form;
    private final PrintStream out;
    private final List<Field> fields;
    private final Table table;
    private boolean begun;

    Listing(Form form, PrintStream out, List<Field> fields) {
        this.form = form;
        this.out = out;
        this.fields = List.copyOf(fields);
        this.table = new Table(
                out, fields.stream().filter(Field::shown).map(Field::column).toList());
    }

    /**
     * One column.
     *
     * @param name in CSV; empty leaves it out of it
     * @param title in tables; empty leaves it out of them
     */
    record Field(String name, String title, boolean number, Function<JsonNode, String> value) {
        /** A field that only CSV has room for. */
        static Field csvOnly(String name, String... path) {
            return new Field(name, "", false, node -> JsonText.text(node, path));
        }

        static Field text(String name, String title, Function<JsonNode, String> value) {
            return new Field(name, title, false, value);
        }

        static Field text(String name, String title, String... path) {
            return text(name, title, node -> JsonText.text(node, path));
        }

        static Field number(String name, String title, String... path) {
            return new Field(name, title, true, node -> JsonText.text(node, path));
        }

        boolean shown() {
            return !title.isEmpty();
        }

        Table.Column column() {
            return new Table.Column(title, number);
        }
    }

    /** Prints the objects, as they came from the service, and lets their reader see them at once. */
    void print(List<byte[]> objects) {
        switch (form) {
            case NDJSON -> objects.forEach(this::line);
            case CSV -> csv(objects);
            case TABLE -> table(objects);
        }
        out.flush();
    }

    /** The reader is gone: a pipe whose other end was closed. */
    boolean unread() {
        return out.checkError();
    }

    private void line(byte[] object) {
        out.write(object, 0, object.length);
        out.write('\n');
    }

    private void csv(List<byte[]> objects) {
        if (!begun) {
            out.print(Csv.line(csvFields().map(Field::name).toList()));
            begun = true;
        }
        for (byte[] object : objects) {
            JsonNode node = node(object);
            out.print(
                    Csv.line(csvFields().map(field -> field.value().apply(node)).toList()));
        }
    }

    private Stream<Field> csvFields() {
        return fields.stream().filter(field -> !field.name().isEmpty());
    }

    private void table(List<byte[]> objects) {
        table.print(objects.stream().map(this::cells).toList());
    }

    private List<String> cells(byte[] object) {
        JsonNode node = node(object);
        return fields.stream()
                .filter(Field::shown)
                .map(field -> field.value().apply(node))
                .toList();
    }

    private static JsonNode node(byte[] object) {
        return JsonText.read(object, "an object of the service (" + new String(object, StandardCharsets.UTF_8) + ")");
    }
}
