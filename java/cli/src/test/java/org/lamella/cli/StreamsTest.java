package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** {@code -} is standard input and output: results go there alone, and temporary files do not stay. */
@Execution(ExecutionMode.SAME_THREAD) // standard input is copied to one folder
class StreamsTest {

    @TempDir
    static Path folder;

    private static Path temporary;

    @BeforeAll
    static void writeFiles() throws Exception {
        temporary = Files.createDirectory(folder.resolve("tmp"));
        Path data = SmallData.write(folder);
        String csv = Files.readString(data);
        Files.writeString(folder.resolve("data.txt"), csv);
        Files.writeString(folder.resolve("data.tab"), csv.replace(',', '\t'));
        Files.writeString(folder.resolve("bad.csv"), csv.replaceFirst("(?m)^s5,[^,]*", "s5,zz"));
        Files.writeString(folder.resolve("empty"), "");
        Files.writeString(folder.resolve("words"), "nothing but words\nin two lines\n");
        try (OutputStream gz = new GZIPOutputStream(Files.newOutputStream(folder.resolve("data.gz")))) {
            gz.write(csv.getBytes(StandardCharsets.UTF_8));
        }
        StringBuilder arff = new StringBuilder("""
                % made
                @relation r
                @attribute a numeric
                @attribute b numeric
                @attribute x {0,1}
                @data
                """);
        StringBuilder sparse = new StringBuilder();
        StringBuilder fasta = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            arff.append(i)
                    .append(',')
                    .append(i * i % 7)
                    .append(',')
                    .append(i % 2)
                    .append('\n');
            sparse.append(i % 2).append(" 1:").append(i).append(" 2:1.5\n");
            fasta.append(i % 2 == 0 ? ">10|r" : ">01|r").append(i).append("\nACGUACGUGGCA\n");
        }
        Files.writeString(folder.resolve("arff"), arff);
        Files.writeString(folder.resolve("libsvm"), sparse);
        Files.writeString(folder.resolve("fasta"), fasta);
        assertThat(lamella("", "train data.csv --labels 2 --net mlp-small --epochs 1 --out M")
                        .code())
                .isZero();
        assertThat(lamella("", "pack data.csv --labels 2 --out K.lamella").code())
                .isZero();
    }

    /** Runs a command in the folder; {@code around} is a shell's text behind it, such as {@code < data.csv}. */
    private static LamellaProcess.Result lamella(String around, String command) throws Exception {
        Path script = Files.writeString(
                Files.createTempFile(folder, "run", ".sh"),
                "cd " + folder + "\nexport TMPDIR=" + temporary + "\n\"$@\" " + around + "\n");
        return LamellaProcess.shell(folder, script, List.of(), command.split(" "));
    }

    private static List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "data.csv, --labels 2, 120 rows, CSV",
        "data.tab, --labels 2, 120 rows, TSV",
        "data.gz, --labels 2, 120 rows, CSV",
        "arff, --labels 1, 40 rows, ARFF",
        "libsvm, '', 40 rows, LIBSVM",
        "fasta, --label-bits, 40 rows, FASTA",
        "K.lamella, '', 120 rows, a packed file"
    })
    void standardInputIsRecognizedByItsFirstBytes(String file, String options, String rows, String format)
            throws Exception {
        LamellaProcess.Result r = lamella("< " + file, ("inspect - " + options).strip());
        assertThat(r.code()).as(r.err()).isZero();
        assertThat(r.err()).contains("note: standard input is read as " + format + ", by its first bytes");
        assertThat(r.out()).contains("standard input: " + rows).doesNotContain("/tmp");
        assertThat(left()).isEmpty();
    }

    @Test
    void aResultGoesToStandardOutputAlone() throws Exception {
        LamellaProcess.Result file = lamella("", "predict M data.csv --out p.csv");
        assertThat(file.code()).as(file.err()).isZero();
        LamellaProcess.Result r = lamella("< data.csv", "predict M - --format csv --out -");
        assertThat(r.code()).as(r.err()).isZero();
        assertThat(r.out()).isEqualTo(Files.readString(folder.resolve("p.csv")));
        assertThat(r.err()).contains("120 rows, 2 labels: standard output").doesNotContain("first bytes");
        assertThat(folder.resolve("-")).doesNotExist();

        lamella("", "features M data.csv --layer dense1 --out f.csv");
        LamellaProcess.Result features = lamella("", "features M data.csv --layer dense1 --out -");
        assertThat(features.out()).isEqualTo(Files.readString(folder.resolve("f.csv")));
        lamella("", "features M data.csv --layer dense1 --out f.arff");
        assertThat(lamella("", "features M data.csv --layer dense1 --out - --out-format arff")
                        .out())
                .isEqualTo(Files.readString(folder.resolve("f.arff")));

        LamellaProcess.Result schema = lamella("", "inspect data.csv --labels 2 --schema-out -");
        assertThat(new ObjectMapper().readTree(schema.out()).has("columns")).isTrue();
        assertThat(schema.err()).contains("data.csv: 120 rows");
        LamellaProcess.Result page = lamella("", "compare M --out -");
        assertThat(page.out()).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        assertThat(page.err()).contains("the page is standard output");
    }

    @Test
    void namesOfTheInputAreTheUsers() throws Exception {
        LamellaProcess.Result r = lamella("< bad.csv", "predict M - --out -");
        assertThat(r.code()).isEqualTo(2);
        assertThat(r.out()).isEmpty();
        assertThat(r.err())
                .contains("error: standard input:7: 'zz' in column 'a'")
                .doesNotContain("/tmp");
        LamellaProcess.Result skipped =
                lamella("< bad.csv", "predict M - --out p2.csv --on-bad-record skip --skipped s.csv");
        assertThat(skipped.code()).as(skipped.err()).isZero();
        assertThat(Files.readAllLines(folder.resolve("s.csv")).get(1)).startsWith("standard input,7,");
        LamellaProcess.Result trained =
                lamella("< data.csv", "train - --labels 2 --net linear --epochs 1 --out fromInput");
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.out()).contains("standard input: 120 rows, 4 features, 2 labels; 96 for training");
        assertThat(Files.readString(folder.resolve("fromInput/report.html"))).contains("standard input: linear");
        assertThat(left()).isEmpty();
    }

    @Test
    void aFileWhoseNameTellsNothingAndAPipeAreReadToo() throws Exception {
        LamellaProcess.Result r = lamella("", "inspect data.txt --labels 2");
        assertThat(r.code()).as(r.err()).isZero();
        assertThat(r.err()).contains("note: data.txt is read as CSV, by its first bytes");
        assertThat(r.out()).contains("data.txt: 120 rows");
        assertThat(lamella("", "inspect data.tab --labels 2 --format tsv").err())
                .isEmpty();
        Files.copy(folder.resolve("data.csv"), folder.resolve("-"));
        try {
            assertThat(lamella("< /dev/null", "inspect ./- --labels 2").out()).contains("./-: 120 rows");
        } finally {
            Files.delete(folder.resolve("-"));
        }
        Path script = Files.writeString(
                folder.resolve("pipe.sh"),
                "cd " + folder + "\nmkfifo pipe\ncat data.csv > pipe &\nTMPDIR=" + temporary + " \"$@\"\n");
        LamellaProcess.Result pipe =
                LamellaProcess.shell(folder, script, List.of(), "inspect", "pipe", "--labels", "2");
        assertThat(pipe.out()).as(pipe.err()).contains("pipe: 120 rows");
        assertThat(left()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data.csv | train - --labels 2 --test - --out r | DATA and --test are both -, and standard input can",
                "data.csv | train - --labels 2 --out - | --out - would be standard output, and a run is a folder",
                "data.csv | demo --out - | --out - would be standard output, and a run is a folder",
                "data.csv | pack - --labels 2 --out - | --out - would be standard output, and a packed file",
                "data.csv | predict - data.csv --out p | MODEL: - is standard input, and this must be named",
                "data.csv | predict M data.csv --out p.csv --on-bad-record skip --skipped - | --skipped - would be",
                "data.csv | predict M - --out - --on-bad-record skip | --on-bad-record skip needs --skipped FILE",
                "data.csv | predict M - --out o.csv --on-bad-record skip --skipped o.csv | another output of the same",
                "data.csv | inspect - --labels 2 --schema-out - --json | --schema-out - and --json would both write",
                "data.csv | compare M --out - --json | --out - and --json would both write to standard output",
                "data.csv | features M - --layer dense1 --out - --out-format npy | --out-format npy has two files",
                "empty | inspect - --labels 2 | standard input: is empty",
                "words | inspect - --labels 2 | standard input: its first bytes show no format; give --format, one of",
                "words | inspect words --labels 2 | words: neither its name nor its first bytes show a format; give",
                "data.csv | inspect - --labels 2 --format png | --format",
            })
    void isRefusedWithTheRemedy(String input, String command, String message) throws Exception {
        LamellaProcess.Result r = lamella("< " + input, command.strip());
        assertThat(r.code()).as(r.out()).isEqualTo(2);
        assertThat(r.out()).isEmpty();
        assertThat(r.err()).contains("error: ", message).doesNotContain("\tat ");
        assertThat(left()).isEmpty();
    }

    /** {@code | head -1}: quiet, with the code of success or of SIGPIPE, and nothing is left. */
    @ParameterizedTest
    @CsvSource({
        "predict M many.csv --out -",
        "features M many.csv --layer dense1 --out -",
        "inspect data.csv --labels 2",
        "inspect data.csv --labels 2 --json",
        "evaluate M data.csv --json",
        "compare M --out -",
        "train --help"
    })
    void aClosedPipeEndsQuietly(String command) throws Exception {
        Path many = folder.resolve("many.csv");
        if (!Files.exists(many)) {
            List<String> rows = Files.readAllLines(folder.resolve("data.csv"));
            List<String> all = new ArrayList<>(rows);
            for (int i = 0; i < 100; i++) {
                all.addAll(
                        rows.subList(1, rows.size()).stream().map("x"::concat).toList());
            }
            Files.write(many, all);
        }
        Path script = Files.writeString(
                Files.createTempFile(folder, "head", ".sh"),
                "cd " + folder + "\n{ \"$@\"; echo $? > code; } | head -n 1\n");
        LamellaProcess.Result r = LamellaProcess.shell(folder, script, List.of(), command.split(" "));
        assertThat(r.out().lines()).hasSize(1);
        assertThat(r.err()).doesNotContain("failed", "error:", "Exception", "\tat ");
        assertThat(Files.readString(folder.resolve("code")).strip()).isIn("0", "141");
        assertThat(left()).isEmpty();
    }

    /** Text that is lost without a word would pass for a whole result. */
    @ParameterizedTest
    @CsvSource({"evaluate M data.csv --json", "predict M data.csv --out -", "inspect data.csv --labels 2"})
    void aFullDiskBehindStandardOutputIsAFailure(String command) throws Exception {
        LamellaProcess.Result r = lamella("> /dev/full", command);
        assertThat(r.code()).isEqualTo(1);
        assertThat(r.err().lines().filter(l -> l.contains("failed")))
                .singleElement()
                .asString()
                .startsWith("lamella failed: standard output: No space left on device; fix this");
    }

    /** JSON is UTF-8 in any locale: a label whose letters became question marks would be another label. */
    @Test
    void jsonHasAllLettersInAnyLocale() throws Exception {
        Files.writeString(
                folder.resolve("umlaut.csv"),
                Files.readString(folder.resolve("data.csv")).replaceFirst(",x,y", ",Zellkörper,y"));
        Path script = Files.writeString(folder.resolve("c.sh"), "cd " + folder + "\nLC_ALL=C \"$@\"\n");
        LamellaProcess.Result r =
                LamellaProcess.shell(folder, script, List.of(), "inspect", "umlaut.csv", "--labels", "2", "--json");
        assertThat(r.out()).as(r.err()).contains("\"Zellkörper\"");
    }

    /** An option that writes is marked: without the mark it would count as an input, and could be written over one. */
    @Test
    void everyOutputIsMarked() {
        List<String> outputs = Lamella.configured().getSubcommands().values().stream()
                .flatMap(c -> Stream.concat(Stream.of(c), c.getSubcommands().values().stream()))
                .flatMap(c -> c.getCommandSpec().args().stream()
                        .filter(StreamsTest::written)
                        .map(a -> c.getCommandName() + " " + name(a)))
                .distinct()
                .sorted()
                .collect(Collectors.toList());
        assertThat(outputs)
                .contains(
                        "compare --out",
                        "demo --out",
                        "evaluate --skipped",
                        "features --out",
                        "features --skipped",
                        "inspect --schema-out",
                        "inspect --skipped",
                        "pack --out",
                        "pack --skipped",
                        "predict --out",
                        "predict --skipped",
                        "train --out",
                        "train --skipped");
        List<String> named = Lamella.configured().getSubcommands().values().stream()
                .flatMap(c -> c.getCommandSpec().args().stream()
                        .filter(a -> Arrays.asList("--out", "--csv", "--skipped", "--schema-out", "--picture")
                                .contains(name(a)))
                        .map(a -> c.getCommandName() + " " + name(a)))
                .distinct()
                .toList();
        assertThat(outputs).containsAll(named);
    }

    private static boolean written(ArgSpec arg) {
        return arg.userObject() instanceof java.lang.reflect.Field field
                && field.isAnnotationPresent(org.lamella.cli.stream.Output.class);
    }

    private static String name(ArgSpec arg) {
        return arg instanceof CommandLine.Model.OptionSpec option ? option.longestName() : arg.paramLabel();
    }
}
