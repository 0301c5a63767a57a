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
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import picocli.CommandLine;

/** Sequences from train to predict: what was decided is printed, records are skipped, each file has its labels. */
@Execution(ExecutionMode.SAME_THREAD) // the commands run in this process
class SequenceFilesTest {

    @TempDir
    Path folder;

    private record Answer(int code, String out, String err) {}

    private Answer run(String command) {
        String[] words = Arrays.stream(command.split(" "))
                .map(w -> w.startsWith("/") ? folder.resolve(w.substring(1)).toString() : w)
                .toArray(String[]::new);
        StringWriter err = new StringWriter();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CommandLine line = Lamella.configured();
        line.getSubcommands().values().forEach(c -> c.setErr(new PrintWriter(err, true)));
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            return new Answer(line.execute(words), out.toString(StandardCharsets.UTF_8), err.toString());
        } finally {
            System.setOut(before);
        }
    }

    /** 60 sequences of 30 letters, named with a prefix, and their labels in a file of their own. */
    private void write(String name, String prefix, String letters) throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        StringBuilder fasta = new StringBuilder("; written by a program\n");
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            fasta.append('>').append(prefix).append(i).append(" more words\n");
            for (int p = 0; p < 30; p++) {
                fasta.append(letters.charAt(random.nextInt(letters.length())));
            }
            fasta.append(i == 7 ? "*\n" : "\n");
            labels.append(prefix)
                    .append(i)
                    .append('\t')
                    .append(i % 2 == 0 ? "x" : "x;y")
                    .append('\n');
        }
        Files.writeString(folder.resolve(name + ".fasta"), fasta);
        Files.writeString(folder.resolve(name + ".tsv"), labels);
    }

    @Test
    void everyFileHasItsLabelsAndBadRecordsAreListed() throws IOException {
        write("a", "a", "ACGU-R");
        write("v", "v", "ACGU");
        write("t", "t", "acgu");
        Answer none = run("train /a.fasta --label-file /a.tsv --test /t.fasta --epochs 1 --net linear --out /none");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("t.fasta:2: ");
        Answer own =
                run("train /a.fasta --label-file /a.tsv --valid /v.fasta --valid-label-file /v.tsv --test /t.fasta "
                        + "--test-label-file /t.tsv --epochs 1 --net linear --out /run");
        assertThat(own.code()).as(own.err()).isZero();
        assertThat(own.out())
                .contains(
                        "a.fasta: alphabet nucleotide (decided on all letters)",
                        "gaps (- and .), each a position without a letter:",
                        "--strip-gaps takes them out",
                        "sequences whose * at the end is left out: 1",
                        "t.fasta: alphabet nucleotide: ",
                        "lower case letters (soft masks), which count as upper case: 1,800",
                        "a.fasta: 60 rows, ",
                        "v.fasta: 60 rows, ",
                        "t.fasta: 60 rows, 120 features, 2 labels; 60 for training, 60 for validation, 60 for test");

        Files.writeString(folder.resolve("bad.fasta"), ">good\nACGU\n>digits\nAC4U\n>long\n" + "ACGU".repeat(5000));
        Answer error = run("predict /run /bad.fasta --out /p.csv");
        assertThat(error.code()).isEqualTo(2);
        assertThat(error.err()).contains("bad.fasta:3: '4' at position 3");
        assertThat(folder.resolve("p.csv")).doesNotExist();
        Answer skip = run("predict /run /bad.fasta --out /p.csv --on-bad-record skip");
        assertThat(skip.code()).as(skip.err()).isZero();
        assertThat(skip.out())
                .contains(
                        "records skipped: 1, listed in ",
                        "sequences that are cut to 30 positions: 1 of 2; the longest has 20,000 letters",
                        "2 rows, 2 labels");
        assertThat(Files.readAllLines(folder.resolve("p.csv")))
                .extracting(l -> l.split(",")[0])
                .containsExactly("id", "good", "long");
        List<String> list = Files.readAllLines(folder.resolve("p.csv.skipped.csv"));
        assertThat(list).hasSize(2).first().isEqualTo("file,line,id,reason");
        assertThat(list.get(1)).contains("bad.fasta,3,digits,'4' at position 3 is not a letter");

        Files.writeString(folder.resolve("both.fasta"), Files.readString(folder.resolve("a.fasta")) + ">a60\nAC1\n");
        Files.writeString(folder.resolve("both.tsv"), Files.readString(folder.resolve("a.tsv")) + "a60\tx\n");
        Answer evaluated =
                run("evaluate /run /both.fasta --label-file /both.tsv --on-bad-record skip --skipped /e.csv");
        assertThat(evaluated.out()).as(evaluated.err()).contains("60 rows", "records skipped: 1");
        assertThat(Files.readAllLines(folder.resolve("e.csv"))).hasSize(2);
        Answer trained = run("train /both.fasta --label-file /both.tsv --on-bad-record skip --epochs 1 --net linear "
                + "--strip-gaps --out /skip");
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.out()).contains("gaps (- and .) that are taken out:", "60 rows");
        assertThat(Files.readAllLines(folder.resolve("skip/skipped.csv"))).hasSize(2);
    }

    @Test
    void aResumedRunNamesWhatDiffersAndMayHaveMoreEpochs() throws IOException {
        write("a", "a", "ACGU");
        String train = "train /a.fasta --label-file /a.tsv --out /run --net ";
        assertThat(run(train + "linear --epochs 2").code()).isZero();
        assertThat(run(train + "linear --epochs 2 --resume --beta1 0.8 --batch 16 --schedule step")
                        .err())
                .contains(
                        "--resume continues the same run, and these differ:",
                        "--batch (was 32, now 16)",
                        "--beta1 (was 0.9, now 0.8)",
                        "--schedule (was cosine, now step)",
                        "only more --epochs are allowed");
        assertThat(run(train + "mlp --epochs 2 --resume").err()).contains("these differ: the network (--net);");
        assertThat(run(train + "linear --epochs 2 --resume --encoding kmers").err())
                .contains("the data, its labels or its encoding (--encoding)");
        assertThat(run(train + "linear --epochs 2 --resume --split 6:2:2").err())
                .contains("these differ: the split (--split, --folds or --groups);");
        assertThat(run(train + "linear --epochs 2 --resume --loss focal --threshold top-1 --positive-weight auto "
                                + "--sampling label-aware --split 6:2:2")
                        .err())
                .contains(
                        "--loss (was bce, now focal=2)",
                        "--threshold (was fixed, now top-1)",
                        "--positive-weight (was not auto, now auto)",
                        "--sampling (was every, now label-aware)",
                        "the split (--split, --folds or --groups)");
        String names = Files.readString(folder.resolve("a.tsv"));
        Files.writeString(folder.resolve("a.tsv"), names.replace(";y", ";z"));
        assertThat(run(train + "linear --epochs 2 --resume").err())
                .contains("these differ: the data, its labels or its");
        Files.writeString(folder.resolve("a.tsv"), names);
        Answer more = run(train + "linear --epochs 4 --resume");
        assertThat(more.code()).as(more.err()).isZero();
        assertThat(more.out()).contains("resumed after epoch 2", "the run is now 4 epochs instead of 2", "epoch 4/4");
        assertThat(Files.readAllLines(folder.resolve("run/history.csv"))).hasSize(5);
        assertThat(run(train + "linear --epochs 4 --resume").out()).contains("nothing is left to train");
    }
}
