package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.LabelSelection;

/** Text files in every encoding and compression that is read, and those that are refused. */
class TextFilesTest {

    private static final String TEXT = "one é\ntwo λ\r\nthree\n";
    private static final List<String> LINES = List.of("one é", "two λ", "three");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "UTF-8, false, none",
        "UTF-8, true, none",
        "UTF-16LE, true, none",
        "UTF-16BE, true, none",
        "UTF-8, false, gzip",
        "UTF-8, true, gzip",
        "UTF-16LE, true, gzip",
        "UTF-8, false, zstd",
        "UTF-8, true, zstd",
        "UTF-16BE, true, zstd"
    })
    void theSameLinesInEveryForm(String charset, boolean mark, String compression) throws IOException {
        byte[] bytes = ((mark ? "\uFEFF" : "") + TEXT).getBytes(Charset.forName(charset));
        Path file = Files.write(folder.resolve("a.txt"), compressed(bytes, compression));
        assertThat(TextFiles.lines(file)).isEqualTo(LINES);
    }

    @Test
    void anEmptyFileHasNoLines() throws IOException {
        assertThat(TextFiles.lines(Files.createFile(folder.resolve("a.csv.gz"))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 70_000, 200_000})
    void aByteOfLatin1IsNamedWithItsLine(int linesBefore) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < linesBefore; i++) {
            bytes.writeBytes("λ1,2\n".getBytes(StandardCharsets.UTF_8));
        }
        bytes.writeBytes("caf".getBytes(StandardCharsets.US_ASCII));
        bytes.write(0xe9);
        bytes.writeBytes(",1\n".getBytes(StandardCharsets.US_ASCII));
        Path file = Files.write(folder.resolve("latin.csv"), bytes.toByteArray());
        assertThatThrownBy(() -> TextFiles.lines(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("latin.csv:" + (linesBefore + 1) + ": not UTF-8 text: byte 0xE9")
                .hasMessageContaining("iconv -f WINDOWS-1252 -t UTF-8 latin.csv");
    }

    @Test
    void aCharacterThatIsCutShortIsRefused() throws IOException {
        byte[] bytes = "ab\ncdλ".getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(folder.resolve("cut.csv"), Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> TextFiles.lines(file)).hasMessageContaining("cut.csv:2: not UTF-8 text: byte 0xCE");
    }

    @Test
    void utf16WithoutAMarkAndBinaryFilesAreRefused() throws IOException {
        Path file = Files.write(folder.resolve("a.csv"), TEXT.getBytes(StandardCharsets.UTF_16LE));
        assertThatThrownBy(() -> TextFiles.lines(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a.csv: contains zero bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd"})
    void aCompressedFileThatIsCutShortIsRefused(String compression) throws IOException {
        byte[] random = new byte[100_000];
        new java.util.Random(1).nextBytes(random);
        for (int i = 0; i < random.length; i++) {
            random[i] = (byte) ('a' + (random[i] & 15));
        }
        byte[] bytes = compressed(random, compression);
        for (int left : new int[] {3, 10, bytes.length / 2, bytes.length - 1}) {
            Path file = Files.write(folder.resolve("a.csv.gz"), Arrays.copyOf(bytes, left));
            assertThatThrownBy(() -> TextFiles.lines(file))
                    .as(left + " bytes")
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("a.csv.gz: ");
        }
    }

    @Test
    void aNameThatPromisesCompressionIsRefusedForPlainText() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv.gz"), "a,b\n1,0\n");
        assertThatThrownBy(() -> TextFiles.lines(file)).hasMessageContaining("neither gzip nor Zstandard");
    }

    @ParameterizedTest
    @CsvSource({"a.csv.gz, gzip", "a.csv.zst, zstd", "a.CSV, none", "a.csv, zstd"})
    void tablesAreReadInEveryForm(String name, String compression) throws IOException {
        byte[] text = "\uFEFFa,l\n1,0\n2.5,1\n".getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(folder.resolve(name), compressed(text, compression));
        Dataset data = Datasets.read(file, LabelSelection.last(1));
        assertThat(data.size()).isEqualTo(2);
        assertThat(data.labels()).containsExactly("l");
    }

    @Test
    void arffWithAMarkAndCompression() throws IOException {
        byte[] text = "\uFEFF@relation r\n@attribute a numeric\n@attribute l {0,1}\n@data\n1,0\n"
                .getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(folder.resolve("a.arff.gz"), compressed(text, "gzip"));
        assertThat(Datasets.read(file, LabelSelection.last(1)).size()).isEqualTo(1);
    }

    private static byte[] compressed(byte[] bytes, String compression) throws IOException {
        if (compression.equals("zstd")) {
            return Zstd.compress(bytes);
        }
        if (compression.equals("none")) {
            return bytes;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
