package org.lamella.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.cli.Lamella;
import org.lamella.cli.SmallData;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Datasets;
import org.lamella.data.LabelSelection;
import org.lamella.network.Zoo;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingSettings;
import picocli.CommandLine;

/** What bash suggests at the TAB key, by bash itself. */
class CompletionTest {

    /** Options whose values are numbers, or names that only the user knows. */
    private static final Set<String> FREE = Set.of(
            "--labels",
            "--labels-first",
            "--input",
            "--epochs",
            "--batch",
            "--learning-rate",
            "--momentum",
            "--beta1",
            "--weight-decay",
            "--warmup",
            "--early-stopping",
            "--seed",
            "--length",
            "--k",
            "--lag",
            "--pse-weight",
            "--threads",
            "--split",
            "--folds",
            "--checkpoint-every",
            "--sequences",
            "--budget",
            "--coverage",
            "--range", // names and values in one word
            "--trials",
            "--from",
            "--to",
            "--steps",
            "--features"); // a layer of a network that is not there yet

    @TempDir
    static Path folder;

    @BeforeAll
    static void writeFiles() throws IOException {
        Path data = SmallData.write(folder);
        new Trainer(
                        Datasets.read(data, LabelSelection.last(2)),
                        TrainingSettings.defaults().epochs(1),
                        new CpuDevice())
                .network(Zoo::mlpSmall)
                .run()
                .model()
                .save(folder.resolve("model one"));
        Files.createDirectory(folder.resolve("mine"));
        Files.writeString(folder.resolve("my file.csv"), "x\n");
        Files.writeString(folder.resolve("completion.sh"), CompletionScript.of(Lamella.commandLine()));
    }

    /** Words are separated by {@code ,}; the last one is to be completed. */
    private static List<String> suggested(String words) throws Exception {
        StringBuilder line = new StringBuilder();
        String[] all = words.split(",", -1);
        for (String word : all) {
            line.append(" '").append(word).append('\'');
        }
        Path script = Files.writeString(
                Files.createTempFile("completion", ".sh"),
                "cd " + folder + "\nsource ./completion.sh\nCOMP_WORDS=(" + line + ")\nCOMP_CWORD=" + (all.length - 1)
                        + "\n$(complete -p lamella | sed 's/.*-F \\([^ ]*\\).*/\\1/')\n"
                        + "printf '%s\\n' \"${COMPREPLY[@]}\"\n");
        Process p = new ProcessBuilder("bash", script.toString())
                .redirectErrorStream(true)
                .start();
        String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(p.waitFor(60, TimeUnit.SECONDS)).isTrue();
        Files.delete(script);
        return text.lines().filter(l -> !l.isEmpty()).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lamella,tr | train",
                "lamella,train,--early | --early-stopping",
                "lamella,train,my | my file.csv",
                "lamella,train,data.csv,--net,seqcnn-s | seqcnn-short",
                "lamella,train,data.csv,--net,=,len | lenet,lenet-small",
                "lamella,train,data.csv,--net,my | my file.csv",
                "lamella,train,data.csv,--device, | auto,cpu,cuda",
                "lamella,train,data.csv,--loss, | bce,focal,asymmetric",
                "lamella,train,data.csv,--optimizer,ada | adam,adamw",
                "lamella,train,data.csv,--threshold,m | mcut",
                "lamella,train,data.csv,--sampling,la | label-aware",
                "lamella,train,data.csv,--positive-weight,a | auto",
                "lamella,train,data.csv,--label-column,x | x",
                "lamella,train,data.csv,--out,m | mine,model one",
                "lamella,train,data.csv,--epochs, | ''",
                "lamella,inspect,data.csv,--encoding,pc | pc-psednc",
                "lamella,inspect,data.csv,--format,f | fasta",
                "lamella,predict,mo | model one",
                "lamella,predict,model one,data.csv,--on-bad-record, | error,skip",
                "lamella,features,model one,data.csv,--layer,dr | dropout1,dropout2",
                "lamella,embeddings,model one,data.csv,--layer,dense3 | dense3",
                "lamella,features,model one,data.csv,--out-format,l | libsvm",
                "lamella,compare,m | mine,model one",
                "lamella,help,pre | predict"
            })
    void bashSuggests(String words, String expected) throws Exception {
        List<String> all = "''".equals(expected) || expected.isEmpty() ? List.of() : List.of(expected.split(","));
        assertThat(suggested(words)).containsExactlyInAnyOrderElementsOf(all);
    }

    /** The launcher has commands that the program does not know. */
    @Test
    void inASourceTreeTheLauncherHasCommandsOfItsOwn() throws Exception {
        Path pom =
                Files.createFile(Files.createDirectory(folder.resolve("tree")).resolve("pom.xml"));
        assertThat(suggested("tree/lamella,")).contains("train", "test", "install", "bundle");
        assertThat(suggested("lamella,")).contains("train").doesNotContain("test", "install", "bundle");
        assertThat(suggested("tree/lamella,test,--f")).containsExactly("--full");
        Files.delete(pom);
        Files.delete(pom.getParent());
    }

    @Test
    void nothingIsLeftInTheShellButTheFunctions() throws Exception {
        Path script = Files.writeString(
                folder.resolve("names.sh"),
                "before=$(compgen -v; compgen -A function)\nsource " + folder + "/completion.sh\n"
                        + "{ echo \"$before\"; compgen -v; compgen -A function; } | sort | uniq -u\n");
        Process p = new ProcessBuilder("bash", script.toString())
                .redirectErrorStream(true)
                .start();
        String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(p.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(text.lines().filter(l -> !l.startsWith("_lamella")))
                .isSubsetOf("before", "BASH_LINENO", "PIPESTATUS", "_", "FUNCNAME");
    }

    /** A new option with values suggests some, or is named above with the reason. */
    @Test
    void everyOptionWithValuesSuggestsThem() {
        Set<String> silent = new TreeSet<>();
        for (CommandLine command : Lamella.commandLine().getSubcommands().values()) {
            command.getCommandSpec().options().stream()
                    .filter(o -> !o.hidden() && o.arity().max() > 0)
                    .filter(o -> CompletionScript.how(o).equals("_lamella_none"))
                    .forEach(o -> silent.add(o.longestName()));
        }
        assertThat(FREE).containsAll(silent);
        assertThat(silent).containsAll(FREE);
    }
}
