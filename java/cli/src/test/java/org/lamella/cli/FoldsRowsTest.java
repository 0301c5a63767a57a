package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Which rows are in which fold, and which in none. */
@Execution(ExecutionMode.SAME_THREAD) // the commands run in this process
class FoldsRowsTest {

    @TempDir
    Path folder;

    private FolderCommands here;

    @BeforeEach
    void writeFiles() throws IOException {
        here = new FolderCommands(folder);
    }

    @Test
    void aShareOfTheRowsIsHeldOutOfAllFolds() throws IOException {
        String said = here.passes(FolderCommands.TRAIN + "--folds 2 --split 6:2:2 --out U");
        assertThat(said).contains("2 folds of 71 rows, 18 held out for test", "held out, 18 samples");
        Set<String> apart = new TreeSet<>();
        here.csv("U/split.csv").stream().filter(l -> l[3].isEmpty()).forEach(l -> apart.add(l[1]));
        assertThat(apart).hasSize(18);
        for (int f = 1; f <= 2; f++) {
            List<String[]> own = here.csv("U/fold-" + f + "/split.csv");
            assertThat(own).hasSize(71).noneMatch(l -> apart.contains(l[1]));
            long outside = own.stream().filter(l -> !l[2].equals("test")).count();
            assertThat(own.stream().filter(l -> l[2].equals("validation")).count())
                    .isBetween(outside / 4 - 1, outside / 4 + 1);
        }
        assertThat(here.csv("U/predictions.csv").stream()
                        .filter(l -> l[3].isEmpty())
                        .map(l -> l[1]))
                .containsExactlyInAnyOrderElementsOf(apart);
        assertThat(here.csv("U/predictions.csv")).hasSize(89);
        // Without validation rows.
        here.passes(FolderCommands.TRAIN + "--folds 2 --split 1:0:0 --out V");
        assertThat(here.csv("V/fold-1/split.csv")).hasSize(89).noneMatch(l -> l[2].equals("validation"));
    }

    @Test
    void groupsOfSequencesStayTogether() throws IOException {
        Random random = new Random(2);
        StringBuilder fasta = new StringBuilder();
        StringBuilder groups = new StringBuilder("name\tgroup\n");
        for (int i = 0; i < 90; i++) {
            fasta.append(">")
                    .append(i % 2)
                    .append(i / 2 % 2)
                    .append("|r")
                    .append(i)
                    .append('\n');
            for (int l = 0; l < 12; l++) {
                fasta.append(i % 2 == 0 && l < 4 ? 'G' : "ACGU".charAt(random.nextInt(4)));
            }
            fasta.append('\n');
            groups.append("r").append(i).append('\t').append("g").append(i / 3).append('\n');
        }
        Files.writeString(folder.resolve("R.fasta"), fasta);
        Files.writeString(folder.resolve("G.tsv"), groups);
        here.passes("train R.fasta --label-bits --net seqcnn-short --epochs 2 --threads 1 --folds 3 --split 8:1:1 "
                + "--groups G.tsv --out W");
        Map<Integer, String> foldOf = new HashMap<>();
        List<String[]> split = here.csv("W/split.csv");
        assertThat(split).hasSize(90);
        for (String[] line : split) {
            String before = foldOf.put((Integer.parseInt(line[0]) - 1) / 3, line[3]);
            assertThat(before).as(line[1]).isIn(null, line[3]);
        }
        assertThat(new TreeSet<>(foldOf.values())).containsExactly("", "1", "2", "3");
        here.passes("predict W R.fasta --label-bits --out P.csv");
        assertThat(here.csv("P.csv")).hasSize(90);
        assertThat(here.passes("evaluate W R.fasta --label-bits")).contains("out of fold:");
        here.refused("predict W R.fasta --label-bits --out P.csv --k 2", "--k has no effect: it belongs to the model");
    }

    @Test
    void rowsOfOtherFilesThatTrainingKnowsAreCounted() throws IOException {
        List<String> test = new ArrayList<>(Files.readAllLines(folder.resolve("test.csv")));
        test.addAll(Files.readAllLines(folder.resolve("data.csv")).subList(1, 5));
        Path file = Files.write(folder.resolve("K.csv"), test);
        String training = " have the features of a row for training";
        assertThat(here.passes(FolderCommands.TRAIN + "--out K --test K.csv"))
                .containsOnlyOnce("finding: 4 of 33 rows of " + file + training + " or validation: what is measured");
        assertThat(Files.readString(folder.resolve("K/report.json"))).contains("4 of 33 rows");
        assertThat(here.passes(FolderCommands.TRAIN + "--out K --overwrite --valid K.csv"))
                .contains("finding: 4 of 33 rows of " + file + training + ": what is measured")
                .doesNotContain(training + " or validation");
        assertThat(here.passes(FolderCommands.TRAIN + "--out K --overwrite --test TEST"))
                .doesNotContain("the features of a row");
    }

    @Test
    void heldOutRowsThatTheFoldsKnowAreCounted() throws IOException {
        List<String> test = new ArrayList<>(Files.readAllLines(folder.resolve("test.csv")));
        test.addAll(Files.readAllLines(folder.resolve("data.csv")).subList(1, 5));
        Files.write(folder.resolve("H.csv"), test);
        assertThat(here.passes(FolderCommands.TRAIN + "--folds 2 --out H --test H.csv"))
                .contains("warning: 4 of the 33 rows held out have the features of rows that the folds learned from");
        assertThat(here.passes(FolderCommands.TRAIN + "--folds 2 --out H --test TEST --overwrite"))
                .doesNotContain("rows held out have the features");
    }
}
