package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/**
 * Commands in this JVM, on files of one folder: DATA and TEST are its tables, a word with one letter is a file in it.
 */
final class FolderCommands {

    static final String TRAIN = "train DATA --labels 2 --net mlp-small --epochs 3 --threads 1 ";

    private final Path folder;

    /** Exit code and what was printed. */
    record Answer(int code, String out, String err) {}

    /** Writes data.csv with 90 rows and test.csv with 30 other rows; some of their labels are unknown. */
    FolderCommands(Path folder) throws IOException {
        this.folder = folder;
        List<String> lines =
                new ArrayList<>(Files.readAllLines(SmallData.write(Files.createDirectories(folder.resolve("small")))));
        for (int i = 1; i < lines.size(); i++) {
            if (i % 10 == 0) { // unknown: the second label of some rows, of two rows both
                lines.set(
                        i, lines.get(i).replaceFirst(i % 60 == 0 ? ",\\d,\\d$" : ",\\d$", i % 60 == 0 ? ",?,?" : ",?"));
            }
        }
        Files.write(folder.resolve("data.csv"), lines.subList(0, 91));
        List<String> test = new ArrayList<>(lines.subList(91, 121));
        test.add(0, lines.get(0));
        Files.write(folder.resolve("test.csv"), test);
    }

    /** In this JVM; DATA, TEST and names of one letter are files of the test's folder. */
    Answer run(String command) {
        CommandLine line = Lamella.configured();
        StringWriter err = new StringWriter();
        line.setErr(new PrintWriter(err, true));
        line.getSubcommands().values().forEach(c -> c.setErr(new PrintWriter(err, true)));
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            int code = line.execute(
                    Arrays.stream(command.strip().split(" +")).map(this::file).toArray(String[]::new));
            return new Answer(code, out.toString(StandardCharsets.UTF_8), err.toString());
        } finally {
            System.setOut(before);
        }
    }

    String file(String word) {
        return word.equals("DATA")
                ? folder.resolve("data.csv").toString()
                : word.equals("TEST")
                        ? folder.resolve("test.csv").toString()
                        : word.matches("[A-Z](/.*|\\.\\w+)?")
                                ? folder.resolve(word).toString()
                                : word;
    }

    String passes(String command) {
        Answer answer = run(command);
        assertThat(answer.code()).as(command + ": " + answer.err()).isZero();
        return answer.out();
    }

    void refused(String command, String message) {
        Answer answer = run(command);
        assertThat(answer.code()).as(answer.err()).isEqualTo(2);
        assertThat(answer.err()).startsWith("error: ").contains(message);
        assertThat(answer.err().lines()).hasSize(1);
    }

    List<String[]> csv(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file)).stream()
                .skip(1)
                .map(l -> l.split(",", -1))
                .toList();
    }
}
