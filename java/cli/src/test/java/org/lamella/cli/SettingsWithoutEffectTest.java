package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** No option is without effect: it is refused with the reason, or it changes something. */
@Execution(ExecutionMode.SAME_THREAD) // the commands run in this process
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SettingsWithoutEffectTest {

    @TempDir
    static Path folder;

    private static final Set<String> COMMANDS =
            Set.of("train", "tune", "learning-rate", "predict", "evaluate", "features", "inspect", "pack");

    /**
     * Command and refusal. S: FASTA with bits, P: FASTA with labels in a file, C: CSV with sequences, T: table, D:
     * folder of FASTA, V: LIBSVM, K: packed, M: model of S, N: model of T, O: a new output.
     */
    private static final String[] REFUSED = {
        // Encodings.
        "train S --label-bits --out O --k 3 | --k has no effect: --encoding is one-hot; kmers and pseknc have words",
        "train S --label-bits --out O --encoding codes --k 3 | --k has no effect: --encoding is codes",
        "train S --label-bits --out O --encoding dac --k 3 | --k has no effect: --encoding is dac",
        "train S --label-bits --out O --encoding kmers --length 9 | --length has no effect: --encoding is kmers",
        "train S --label-bits --out O --encoding mac --length 9 | --length has no effect: --encoding is mac",
        "train S --label-bits --out O --encoding kmers --crop end | --crop has no effect: --encoding is kmers",
        "train S --label-bits --out O --lag 2 | --lag has no effect: --encoding is one-hot",
        "train S --label-bits --out O --encoding kmers --lag 2 | --lag has no effect: --encoding is kmers",
        "train S --label-bits --out O --encoding dac --pse-weight 0.1 | --pse-weight has no effect: --encoding is dac",
        "train S --label-bits --out O --pse-weight 0.1 | --pse-weight has no effect: --encoding is one-hot",
        "train S --label-bits --out O --length 0 | --length must be 1 to 100000, got 0",
        "train T --labels 2 --out O --encoding kmers | --encoding has no effect: T is read as a table without",
        "train T --labels 2 --out O --alphabet rna | --alphabet has no effect: T is read as a table",
        "train T --labels 2 --out O --strip-gaps | --strip-gaps has no effect: T is read as a table",
        "train V --out O --length 5 | --length has no effect: V has no sequences",
        "train K --out O --crop end | --crop has no effect: K is a packed file, which is already encoded",
        "pack T --labels 2 --out O.lamella --k 2 | --k has no effect: T is read as a table",
        "inspect T --labels 2 --encoding kmers | --encoding has no effect: T is read as a table",
        "inspect S --label-bits --k 2 | --k has no effect: --encoding is one-hot",
        // The encoding belongs to the model.
        "predict M P --out O.csv --alphabet dna | --alphabet has no effect: it belongs to the model, which was trained "
                + "with --encoding one-hot --alphabet nucleotide --length 8 --crop ends; leave it out",
        "predict M P --out O.csv --length 9 | --length has no effect: it belongs to the model",
        "predict M P --out O.csv --crop end | --crop has no effect: it belongs to the model",
        "predict M P --out O.csv --k=2 | --k has no effect: it belongs to the model",
        "evaluate M S --label-bits --encoding kmers | --encoding has no effect: it belongs to the model",
        "evaluate M S --label-bits --lag 2 | --lag has no effect: it belongs to the model",
        "features M P --layer dense1 --out O.csv --pse-weight 1 | --pse-weight has no effect: it belongs to the model",
        "features M P --layer dense1 --out O.csv --strip-gaps | --strip-gaps has no effect: it belongs to the model",
        "predict N T --out O.csv --k 2 | --k has no effect: it belongs to the model, which was trained without seq",
        // Labels.
        "train T --labels 2 --out O --label-bits | --label-bits has no effect: T is no FASTA file",
        "train T --labels 2 --out O --label-names a,b | --label-names has no effect: it names the labels of --label-b",
        "train P --label-file L --out O --label-names a,b | --label-names has no effect: it names the labels of",
        "train T --labels 2 --out O --label-file L | --label-file has no effect: T has no names of rows without",
        "train C --sequence-column s --label-column w --out O --label-file L | labels are in a column",
        "train D --out O --label-file L | --label-file has no effect: D is a folder with one FASTA file per label",
        "train D --out O --label-bits | --label-bits has no effect: D is a folder with one FASTA file per label",
        "train K --out O --label-bits | --label-bits has no effect: K is a packed file, which contains its labels",
        "train S --label-bits --out O --sequence-column s | --sequence-column has no effect: S is no CSV or TSV file",
        "train S --label-bits --out O --id-column s | --id-column has no effect: S is no CSV or TSV file",
        "train S --label-bits --out O --label-column s | --label-column has no effect: S is no CSV or TSV file",
        "train S --labels 2 --out O | --labels counts columns, and FASTA has none",
        "train D --labels-first 2 --out O | --labels-first counts columns, and FASTA has none",
        "train V --labels 2 --out O | --labels counts columns, and LIBSVM files begin each line with its labels",
        "train C --sequence-column s --label-column w --labels 1 --out O | labels are in one column (--label-",
        "train K --labels 1 --out O | a packed file contains its labels",
        "features M P --layer dense1 --out O.csv --label-file L | --label-file has no effect: the labels of P are not",
        "predict M P --out O.csv --label-file L | --label-file has no effect: predict uses no labels",
        "predict M P --out O.csv --label-names a,b | --label-names has no effect: predict uses no labels",
        "predict M C --sequence-column s --label-column w --out O.csv | --label-column has no effect: predict uses no",
        "evaluate N T --label-bits | --label-bits has no effect: T is no FASTA file",
        "evaluate N T --label-file L | --label-file has no effect: T has no names of rows",
        "features N T --layer dense1 --out O.csv --sequence-column a --label-names x | --label-names has no effect",
        "train C --sequence-column s --out O --label-separator ; | --label-separator has no effect: it separates the",
        // Formats.
        "train T --labels 2 --out O --format csv | --format has no effect: it is for data files whose name does not",
        "predict N T --out O.csv --format csv | --format has no effect: it is for data files whose name does not tell",
        "inspect N --format csv | --format has no effect: it is for data files whose name does not tell their format",
        "features N T --layer dense1 --out O.csv --out-format csv | --out-format has no effect: the name of",
        // The schema.
        "train S --label-bits --out O --schema L | --schema has no effect: S has sequences and no columns",
        "pack K --out O.lamella --schema L | --schema has no effect: K is a packed file, which is already encoded",
        "inspect N --schema L | --schema has no effect: N is a model",
        "inspect N --schema-out O | --schema-out has no effect: N is a model",
        "inspect K --schema L | --schema has no effect: K is a packed file",
        // Rows.
        "train T --labels 2 --out O --split 6:2:2 --test T | --split has no effect: --test names the test rows",
        "train T --labels 2 --out O --split 6:2:2 --valid T | --split has no effect: --valid names the validation rows",
        "train T --labels 2 --out O --split 6:2:2 --folds 3 --test T | --split has no effect: --test names the test ro",
        "train T --labels 2 --out O --valid T --groups L | --groups has no effect: with --valid no file is divided",
        "train P --label-file L --out O --split 1:0:0 --groups L | --groups has no effect: --split 1:0:0 has one part",
        "train T --labels 2 --out O --folds 3 --valid T | --folds takes its validation rows from DATA",
        "train P --label-file L --out O --test-label-file L | --test-label-file has no effect: there is no --test file",
        "train P --label-file L --out O --valid-label-file L | --valid-label-file has no effect: there is no --valid",
        "train T --labels 2 --out O --test T --test-label-file L | --test-label-file has no effect: T has no names",
        "train T --labels 2 --out O --skipped X.csv | --skipped has no effect: nothing is left out without",
        "predict M P --out O.csv --skipped X.csv | --skipped has no effect: nothing is left out without",
        "evaluate M S --label-bits --on-bad-record skip | --on-bad-record skip needs --skipped FILE",
        "train K --out O --on-bad-record skip | --on-bad-record has no effect: K is a packed file",
        // Training.
        "train T --labels 2 --out O --momentum 0.8 | --momentum has no effect: --optimizer is adamw, which has no mom",
        "train T --labels 2 --out O --momentum 0.8 --optimizer adam | --momentum has no effect: --optimizer is adam,",
        "train T --labels 2 --out O --beta1 0.8 --optimizer sgd | --beta1 has no effect: --optimizer is sgd",
        "train T --labels 2 --out O --momentum 0 --optimizer nesterov | --optimizer nesterov has no effect",
        "train T --labels 2 --out O --epochs 6 --early-stopping 5 | --early-stopping 5 has no effect: in --epochs 6",
        "train T --labels 2 --out O --threshold top-2 | --threshold top-2 gives every row all 2 labels, whatever",
        "train T --labels 2 --out O --threshold top-9 | all 2 labels, whatever its probabilities are; give top-1",
        "train T --labels 2 --out O --threshold mcut --decide-for subset | contradict each other: one names the rule",
        "train T --labels 2 --out O --decide-for accuracy | no goal 'accuracy' of decisions; there are balanced, hamm",
        "train T --labels 2 --out O --effort none --coverage 0.9 | --coverage needs rows that the networks did not lea",
        "train T --labels 2 --out O --coverage 90 | --coverage must be above 0 and below 1, got 90",
        "train T --labels 2 --out O --loss focal=0 | --loss focal=0 has no effect: with these parameters it is bce",
        "train T --labels 2 --out O --loss asymmetric=0:0:0 | --loss asymmetric=0:0:0 has no effect: with these param",
        "train T --labels 2 --out O --net mlp --split 9:0:1 --early-stopping 3 | --early-stopping has no effect",
        "train T --labels 2 --out O --net mlp --split 9:0:1 --best-by micro-f1 | --best-by has no effect without valid",
        "train T --labels 2 --out O --net mlp --epochs 2 --warmup 6 | --warmup of 6 steps is as long as the run, 6 st",
        "train T --labels 2 --out O --net mlp --epochs 1 --batch 500 --schedule step | --schedule has no effect: one",
        "train S --label-bits --out O --scale minmax | --scale has no effect: all features are positions of sequences",
        "train T --labels 2 --out O --budget 5m --effort none | --budget has no effect: nothing is compared with --eff",
        "train T --labels 2 --out O --budget 5m --net mlp | --budget has no effect: nothing is compared with --net and",
        "learning-rate T --labels 2 --epochs 3 | --epochs has no effect: the number of --steps says how long it is",
        "learning-rate T --labels 2 --learning-rate 0.1 | --learning-rate has no effect: all rates of --from to --to",
        "learning-rate T --labels 2 --schedule step | --schedule has no effect: every step has a larger rate than the",
        "learning-rate T --labels 2 --warmup 3 | --warmup has no effect: every step has a larger rate than the one bef",
        "learning-rate T --labels 2 --early-stopping 3 | --early-stopping has no effect: validation rows are not used",
        "learning-rate T --labels 2 --best-by micro-f1 | --best-by has no effect: validation rows are not used",
        "learning-rate T --labels 2 --folds 3 | --folds has no effect: one network is trained",
        "tune S --label-bits --out O --range scale=none,standard | --range scale has no effect: all features are posi",
        "train T --labels 2 --out O --overwrite --resume | --overwrite and --resume contradict each other",
        "train T --labels 2 --out O --kernels own | --kernels chooses between the kernels of a GPU",
        // Inspect: of a model or of data.
        "inspect T --labels 2 --batch 8 | --batch is for models",
        "inspect T --labels 2 --device cpu | --device is for models",
        "inspect N --labels 2 | --labels has no effect: N is a model",
        "inspect N --labels-first 2 | --labels-first has no effect: N is a model",
        "inspect N --labels-xml L | --labels-xml has no effect: N is a model",
        "inspect N --label-bits | --label-bits has no effect: N is a model",
        "inspect N --sequence-column s | --sequence-column has no effect: N is a model",
        "inspect N --k 2 | --k has no effect: N is a model",
        "inspect N --on-bad-record skip | --on-bad-record has no effect: N is a model",
        "inspect N --kernels own | --kernels needs --device",
    };

    /** Options that have an effect wherever they are accepted. */
    private static final Set<String> ALWAYS = Set.of(
            "--out", // required
            "--layer", // required
            "--json", // what is printed
            "--checkpoint-every", // the last epoch is always written; fewer or more files before
            "--features", // more files
            "--net", // the network
            "--input", // must fit the data and the network
            "--tile", // must fit the data
            "--epochs", // the length of the run; part of every schedule
            "--batch", // refused for data by inspect
            "--learning-rate", // every optimizer has one
            "--weight-decay", // every network has weights
            "--optimizer", // refused only for nesterov without momentum
            "--loss", // the loss
            "--positive-weight", // every loss has one
            "--sampling", // the rows of an epoch
            "--threshold", // the decisions; tuned ones are refused without validation rows
            "--decide-for", // the decisions
            "--ranking-of-empty-rows", // the ranking metrics; without such rows it says how they would count
            "--seed", // the split, weights and order
            "--device", // refused for data by inspect
            "--threads", // refused on a GPU, see SimulatedGpuTest
            "--valid", // other rows
            "--test", // other rows
            "--folds", // other rows
            "--from", // other learning rates
            "--to", // other learning rates
            "--steps", // more learning rates
            "--range", // other settings; see TuneCommandTest for those refused
            "--search", // other epochs
            "--trials", // more settings
            "--effort", // one network or several, whatever is given by hand
            "--help",
            "--version");

    @BeforeAll
    static void writeFiles() throws IOException {
        StringBuilder bits = new StringBuilder();
        StringBuilder plain = new StringBuilder();
        StringBuilder labels = new StringBuilder();
        StringBuilder table = new StringBuilder("s,w\n");
        StringBuilder sparse = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            String letters = i % 2 == 0 ? "ACGTACG" + "ACGT".charAt(i / 2 % 4) : "GGGTTTC" + "ACGT".charAt(i / 2 % 4);
            String label = i % 2 == 0 ? "x" : "y";
            bits.append(i % 2 == 0 ? ">10|r" : ">01|r")
                    .append(i)
                    .append('\n')
                    .append(letters)
                    .append('\n');
            plain.append(">r").append(i).append('\n').append(letters).append('\n');
            labels.append("r").append(i).append('\t').append(label).append('\n');
            table.append(letters).append(',').append(label).append('\n');
            sparse.append(i % 2).append(" 1:").append(i).append(" 2:1\n");
        }
        Files.writeString(folder.resolve("S.fasta"), bits);
        Files.writeString(folder.resolve("P.fasta"), plain);
        Files.writeString(folder.resolve("L.tsv"), labels);
        Files.writeString(folder.resolve("C.csv"), table);
        Files.writeString(folder.resolve("V.libsvm"), sparse);
        Path perLabel = Files.createDirectory(folder.resolve("D"));
        Files.writeString(perLabel.resolve("x.fasta"), ">a\nACGT\n");
        Files.writeString(perLabel.resolve("y.fasta"), ">b\nGGGT\n");
        SmallData.write(folder);
        passes("pack T --labels 2 --out " + folder.resolve("K.lamella"));
        passes("train S --label-bits --net linear --epochs 1 --out " + folder.resolve("M"));
        passes("train T --labels 2 --net mlp-small --epochs 1 --out " + folder.resolve("N"));
    }

    private record Answer(int code, String err) {}

    private static Answer run(String command) {
        String[] words = Arrays.stream(command.strip().split(" +"))
                .map(SettingsWithoutEffectTest::file)
                .toArray(String[]::new);
        StringWriter err = new StringWriter();
        CommandLine line = Lamella.configured();
        line.setErr(new PrintWriter(err, true));
        line.getSubcommands().values().forEach(c -> c.setErr(new PrintWriter(err, true)));
        int code = line.execute(words);
        return new Answer(code, err.toString());
    }

    private static String file(String word) {
        return switch (word) {
            case "S", "P" -> folder.resolve(word + ".fasta").toString();
            case "C" -> folder.resolve("C.csv").toString();
            case "L" -> folder.resolve("L.tsv").toString();
            case "V" -> folder.resolve("V.libsvm").toString();
            case "K" -> folder.resolve("K.lamella").toString();
            case "T" -> folder.resolve("data.csv").toString();
            case "D", "M", "N", "O", "O.csv", "O.lamella", "X.csv" ->
                folder.resolve(word).toString();
            default -> word;
        };
    }

    private static void passes(String command) {
        Answer answer = run(command);
        assertThat(answer.code()).as(command + ": " + answer.err()).isZero();
    }

    static Stream<String> refused() {
        return Arrays.stream(REFUSED);
    }

    @ParameterizedTest
    @MethodSource
    void refused(String row) {
        String[] parts = row.split(" \\| ", 2);
        String message = Arrays.stream(parts[1].strip().split(" "))
                .map(w -> w.length() == 1 && "STDKNVCP".contains(w) ? file(w) : w)
                .collect(Collectors.joining(" "));
        Answer answer = run(parts[0]);
        assertThat(answer.code()).as(answer.err()).isEqualTo(2);
        assertThat(answer.err()).startsWith("error: ").contains(message);
        assertThat(answer.err().lines()).hasSize(1);
        assertThat(folder.resolve("O")).as("nothing half-written").doesNotExist();
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {
                "inspect S --label-bits --encoding kmers --k 2",
                "inspect S --label-bits --encoding pc-psednc --lag 2 --pse-weight 0.1 --alphabet rna --strip-gaps",
                "inspect C --sequence-column s --label-column w --length 5 --crop end",
                "inspect N --batch 8 --device cpu",
                "predict M S --label-bits --out O.csv",
                "predict M C --sequence-column s --out O.csv",
                "evaluate M P --label-file L",
                "evaluate M C --sequence-column s --label-column w"
            })
    void accepted(String command) throws IOException {
        if (command.startsWith("evaluate")) { // the labels of these files have other names
            assertThat(run(command).err()).doesNotContain("no effect");
        } else {
            passes(command);
        }
        Files.deleteIfExists(folder.resolve("O.csv"));
    }

    @Test
    void aBatchThatIsLargerThanTheTrainingRowsIsSaid() throws IOException {
        FolderCommands here = new FolderCommands(Files.createDirectories(folder.resolve("batch")));
        String large = here.passes(FolderCommands.TRAIN + "--out B --batch 500");
        assertThat(large).contains("note: a batch has 71 rows, not 500: there are no more for training");
        assertThat(here.passes(FolderCommands.TRAIN + "--out B --batch 71 --overwrite"))
                .doesNotContain("a batch has");
    }

    /** A new option needs a row above, or a reason why it always has an effect. */
    @Test
    void everyOptionIsConsidered() {
        String table = String.join("\n", REFUSED);
        Set<String> missing = new TreeSet<>();
        Lamella.configured().getSubcommands().forEach((name, command) -> {
            if (COMMANDS.contains(name)) {
                for (OptionSpec option : command.getCommandSpec().options()) {
                    String flag = option.longestName();
                    if (!ALWAYS.contains(flag) && !table.matches("(?s).*" + flag + "[ =].*")) {
                        missing.add(name + " " + flag);
                    }
                }
            }
        });
        assertThat(missing).isEmpty();
    }
}
