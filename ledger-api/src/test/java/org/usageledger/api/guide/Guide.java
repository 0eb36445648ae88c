package org.usageledger.api.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The guide's fenced blocks. A block of {@code sh} is a command; a block of {@code text} or {@code json} that follows with nothing but
 * blank lines between is what it answers; a block of {@code java} with a name is a file to be written.
 */
record Guide(List<Step> steps) {
    private static final String FENCE = "```";

    /** One block. */
    private record Block(String language, String note, String text, int line, int lastLine) {
        boolean answers(Block command, List<String> lines) {
            return (language.equals("text") || language.equals("json"))
                    && lines.subList(command.lastLine, line - 1).stream().allMatch(String::isBlank);
        }
    }

    sealed interface Step {
        /** The line of the guide on which it begins, from 1. */
        int line();

        /**
         * Something to type.
         *
         * @param background it goes on until the guide's end, and has answered once the answer's beginning is there
         */
        record Command(int line, String script, boolean background, Optional<Answer> answer) implements Step {}

        record SourceFile(int line, String name, String text) implements Step {}
    }

    /** What a command prints, … standing for anything. */
    record Answer(boolean json, String text) {}

    static Path file() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw")) && Files.exists(folder.resolve("docs/guide.md"))) {
                return folder.resolve("docs/guide.md");
            }
        }
        throw new IllegalStateException("no docs/guide.md above " + Path.of("").toAbsolutePath());
    }

    static Guide read() {
        try {
            return of(Files.readAllLines(file()));
        } catch (IOException e) {
            throw new UncheckedIOException("reading the guide", e);
        }
    }

    static Guide of(List<String> lines) {
        List<Block> blocks = blocks(lines);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            if (block.language().equals("sh")) {
                Optional<Answer> answer = blocks.stream()
                        .skip(i + 1L)
                        .limit(1)
                        .filter(next -> next.answers(block, lines))
                        .map(next -> new Answer(next.language().equals("json"), next.text()))
                        .findFirst();
                steps.add(new Step.Command(
                        block.line(), block.text(), block.note().equals("background"), answer));
            } else if (!block.note().isEmpty()) {
                steps.add(new Step.SourceFile(block.line(), block.note(), block.text()));
            }
        }
        return new Guide(List.copyOf(steps));
    }

    /** The text of a file that the guide has its reader write. */
    String source(String name) {
        return steps.stream()
                .filter(step ->
                        step instanceof Step.SourceFile file && file.name().equals(name))
                .map(step -> ((Step.SourceFile) step).text())
                .findFirst()
                .orElseThrow();
    }

    private static List<Block> blocks(List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        int begin = -1;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(FENCE)) {
                if (begin >= 0) {
                    blocks.add(block(lines, begin, i));
                }
                begin = begin >= 0 ? -1 : i;
            }
        }
        if (begin >= 0) {
            throw new IllegalStateException("the block of line " + (begin + 1) + " is not closed");
        }
        return blocks;
    }

    private static Block block(List<String> lines, int begin, int end) {
        String[] words = lines.get(begin).substring(FENCE.length()).strip().split(" ", 2);
        String text = String.join("\n", lines.subList(begin + 1, end)) + "\n";
        return new Block(words[0], words.length > 1 ? words[1] : "", text, begin + 1, end + 1);
    }
}
