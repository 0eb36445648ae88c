package org.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.testing.Seed;

/** Text is passed on as it is, and refused at its first byte that is no UTF-8. */
class Utf8CheckTest {
    private static final int TEXTS = 20_000;

    /** Of each kind that the table of well-formed sequences tells apart, with its neighbours. */
    private static final int[] LEADS = {
        0x00, 0x01, 0x41, 0x7f, 0x80, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0,
        0xf1, 0xf3, 0xf4, 0xf5, 0xff
    };

    private static final int[] SECONDS = {0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0};

    /** What was read before the end or the refusal, in hexadecimal. */
    private record Read(String passed, String refusal) {}

    /** Read in parts of at most so many bytes. */
    private static Read read(byte[] text, int part) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        try (InputStream in = new Utf8Check(new ByteArrayInputStream(text))) {
            byte[] buffer = new byte[part + 2];
            for (int got = in.read(buffer, 1, part); got >= 0; got = in.read(buffer, 1, part)) {
                passed.write(buffer, 1, got);
            }
            return new Read(HexFormat.of().formatHex(passed.toByteArray()), "");
        } catch (BodyRefused e) {
            return new Read(
                    HexFormat.of().formatHex(passed.toByteArray()), e.problem().detail());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** How many bytes the JDK takes before the sequence that is wrong; all of them if none is. */
    private static int validBytes(byte[] text) {
        ByteBuffer in = ByteBuffer.wrap(text);
        var decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(in, CharBuffer.allocate(text.length + 1), true);
        int valid = result.isError() ? in.position() : text.length;
        for (int i = 0; i < valid; i++) {
            if (text[i] == 0) {
                return i;
            }
        }
        return valid;
    }

    private static void isReadAsTheJdkDoes(byte[] text, int part) {
        String whole = HexFormat.of().formatHex(text);
        String shown = whole + " in parts of " + part;
        int valid = validBytes(text);
        Read read = read(text, part);
        if (valid == text.length) {
            assertThat(read.refusal()).as(shown).isEmpty();
            assertThat(read.passed()).as(shown).isEqualTo(whole);
        } else {
            assertThat(read.refusal()).as(shown).startsWith("The body is no valid UTF-8 text at byte ");
            // Up to three bytes of a sequence pass before the one that is wrong.
            assertThat(read.passed().length() / 2).as(shown).isBetween(valid, Math.min(valid + 3, text.length));
            assertThat(whole).as(shown).startsWith(read.passed());
        }
    }

    /** Mutants: an overlong form, a surrogate or more than U+10FFFF taken; a sequence not remembered over two reads; a zero passed. */
    @Test
    void what_the_jdk_refuses_is_refused_and_nothing_else() {
        for (int lead : LEADS) {
            for (int second : SECONDS) {
                for (int part = 1; part <= 3; part++) {
                    isReadAsTheJdkDoes(bytes(lead, second), part);
                    isReadAsTheJdkDoes(bytes(lead, second, 0x80), part);
                    isReadAsTheJdkDoes(bytes('a', lead, second, 0xbf, 0x80, 'b'), part);
                    isReadAsTheJdkDoes(bytes(lead, second, 0x80, 0xc0), part);
                }
            }
        }
    }

    @Test
    void texts_of_any_length_are_too_wherever_they_are_cut() {
        RandomGenerator random = Seed.forRun().generator();
        for (int i = 0; i < TEXTS; i++) {
            byte[] text = text(random);
            if (text.length > 0 && random.nextInt(3) == 0) {
                text[random.nextInt(text.length)] = (byte) random.nextInt(256);
            }
            isReadAsTheJdkDoes(text, random.nextInt(1, 20));
        }
    }

    private static byte[] text(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        int characters = random.nextInt(30);
        for (int i = 0; i < characters; i++) {
            text.appendCodePoint(
                    switch (random.nextInt(6)) {
                        case 0 -> random.nextInt(0x80, 0x800);
                        case 1 -> random.nextInt(0x800, 0xd800);
                        case 2 -> random.nextInt(0x10000, 0x110000);
                        default -> random.nextInt(1, 0x80);
                    });
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"616263ff, 3", "61c3a9c328, 4", "e282, 2", "6100, 1", "eda080, 1", "f4908080, 1"})
    void the_refusal_names_the_byte(String text, int at) {
        byte[] bytes = HexFormat.of().parseHex(text);

        assertThat(read(bytes, 8).refusal()).contains(" at byte " + at + ",");
        assertThat(read(bytes, 1).refusal()).contains(" at byte " + at + ",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c3", "f09f98"})
    void once_refused_it_stays_so(String text) throws IOException {
        try (InputStream in =
                new Utf8Check(new ByteArrayInputStream(HexFormat.of().parseHex(text)))) {
            assertThatThrownBy(() -> in.readAllBytes()).isInstanceOf(BodyRefused.class);
            assertThatThrownBy(() -> in.read()).isInstanceOf(BodyRefused.class);
        }
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
