package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.LabelSelection;
import org.lamella.data.LabelSource;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.finding.Finding;

/** Separators of labels: the same in a column and in a file of labels. */
class LabelListsTest {

    @TempDir
    Path folder;

    private Dataset column(@Nullable String separator, String... cells) throws IOException {
        StringBuilder text = new StringBuilder("name,a,w\n");
        for (int r = 0; r < cells.length; r++) {
            text.append("r").append(r).append(",0.5,\"").append(cells[r]).append("\"\n");
        }
        return Datasets.read(
                Files.writeString(folder.resolve("t.csv"), text),
                LabelSelection.declared(),
                LabelSource.columns(new LabelSource.SequenceColumns(null, "w", "name"))
                        .withSeparator(separator),
                EncodingOptions.defaults());
    }

    private Dataset file(@Nullable String separator, String... cells) throws IOException {
        StringBuilder table = new StringBuilder("name,a\n");
        StringBuilder labels = new StringBuilder();
        for (int r = 0; r < cells.length; r++) {
            table.append("r").append(r).append(",").append(r * 0.5).append('\n');
            labels.append("r").append(r).append('\t').append(cells[r]).append('\n');
        }
        return tableWithLabels(separator, table.toString(), labels.toString());
    }

    /** A table of numbers whose labels are in a file. */
    private Dataset tableWithLabels(@Nullable String separator, String table, String labels) throws IOException {
        return Datasets.read(
                Files.writeString(folder.resolve("f.csv"), table),
                LabelSelection.declared(),
                LabelSource.columns(new LabelSource.SequenceColumns(null, null, "name"))
                        .withFile(Files.writeString(folder.resolve("labels.tsv"), labels))
                        .withSeparator(separator),
                EncodingOptions.defaults());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "A;B @ A @ B           ~ A B",
                "A|B @ A @ B           ~ A B",
                "A, B @ A @ B          ~ A B",
                "A/B @ A @ B           ~ A B",
                "A+B @ A @ B           ~ A B",
                "A & B @ A @ B         ~ A B",
                "A B @ A @ B           ~ A B",
                "1 @ 1;3 @ 3           ~ 1 3",
                "01 @ 02 @ 02          ~ 01 02",
                "1.0 @ 2.50 @ 1.0      ~ 1.0 2.50",
                "1 3 @ 1 @ 2 3         ~ 1 3 2",
                "cis-Golgi @ lumen/ER @ x y  ~ cis-Golgi lumen/ER x_y",
                "A;B;A @ A @ B         ~ A B"
            })
    void separatorsAreRecognised(String cells, String labels) throws IOException {
        String[] list = cells.strip().split(" @ ");
        List<String> expected = List.of(labels.replaceAll("(?<=[a-z])_", "\t").split(" ")).stream()
                .map(l -> l.replace('\t', ' '))
                .toList();
        assertThat(column(null, list).labels()).isEqualTo(expected);
        assertThat(file(null, list).labels()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "A,B @ C @ C       ~ 'A,B': one label, or several? Write A;B, or say",
                "A,B @ C,D @ E,F   ~ 'A,B': one label, or several?",
                "A B @ A @ B @ C D ~ 'A B': one label, or several? Write A;B, or say",
                "10 @ 01 @ 11      ~ '10': one bit per label, or the name of a label?",
                "A/B @ A @ A       ~ 'A/B': one label, or several? Write A;B",
                "A|B @ C;D @ A     ~ both ; and |",
                "['A', 'B'] @ ['A'] @ ['B'] ~ a list as a program writes it",
                "A @ - @ B         ~ '-': no label, or labels that are not known?",
                "A @ None @ B      ~ 'None': no label, or labels that are not known?",
                "A;? @ A @ B       ~ write ? alone if not all are known",
                "A;B @ A,B @ A     ~ 'A,B': one label, or several? Write A;B, or say what separates labels",
                "A;B @ A/B @ C     ~ 'A/B': one label, or several? Write A;B",
                "A::B @ A @ B      ~ 'A::B': one label, or several? Write A;B",
                "A and B @ A @ B   ~ 'A and B': one label, or several? Write A;B",
                "A. B @ A @ B      ~ 'A. B': one label, or several?",
                "A\uff1bB @ A @ B ~ one label, or several? Write A;B",
                "A#B @ A;C @ B     ~ 'A#B': one label, or several? Write A;B",
                "unknown @ A @ B   ~ 'unknown': the name of a label, or labels that are not known? Write ?",
                "A;n.d. @ A @ B    ~ 'n.d.': the name of a label, or labels that are not known?",
                "011 @ 100 @ 010   ~ '011': one bit per label, or the name of a label?"
            })
    void whatCanBeReadInTwoWaysIsAsked(String cells, String message) {
        String[] list = cells.strip().split(" @ ");
        assertThatThrownBy(() -> column(null, list))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("column 'w': ")
                .hasMessageContaining(message);
        assertThatThrownBy(() -> file(null, list))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("labels.tsv: ")
                .hasMessageContaining(message);
    }

    @Test
    void oneColumnOfTruthsIsAsked() {
        for (String truths : List.of("1 0 1", "yes no yes", "FALSE TRUE TRUE", "1.0 0.0 1.0")) {
            assertThatThrownBy(() -> column(null, truths.split(" ")))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("the truth of one label, or the names of two?")
                    .hasMessageContaining("LabelSelection.last")
                    .hasMessageContaining("SequenceColumns.separator");
        }
    }

    @Test
    void aSettingDecidesWhatIsAsked() throws IOException {
        assertThat(column(";", "A;B", "A,B").labels()).containsExactly("A", "B", "A,B");
        assertThat(column("", "A::B", "A", "B").labels()).containsExactly("A::B", "A", "B");
        assertThat(column("", "unknown", "A").labels()).containsExactly("unknown", "A");
        assertThat(column("", "01", "10").labels()).containsExactly("01", "10");
        assertThat(column("", "1", "0").labels()).containsExactly("1", "0");
    }

    @Test
    void namesWithPartsThatAreLabelsAreKept() throws IOException {
        Dataset hyphen = column(null, "ER-Golgi", "ER", "Golgi");
        assertThat(hyphen.labels()).containsExactly("ER-Golgi", "ER", "Golgi");
        assertThat(hyphen.findings().stream().map(Finding::text))
                .anyMatch(n -> n.contains("'ER-Golgi' is a label of its own, although its parts are labels, too"));
        assertThat(column(null, "cell membrane;cell", "membrane", "x").labels())
                .containsExactly("cell membrane", "cell", "membrane", "x");
        assertThat(column(null, "1.5", "1", "5").labels()).containsExactly("1.5", "1", "5");
        assertThat(column(null, "1", "1", "1").labels()).containsExactly("1");
    }

    @Test
    void blanksThatAreNotSeenAreNoPartOfALabel() throws IOException {
        assertThat(column(null, "A\u00a0;B\u200b", "\ufeffA", "B").labels()).containsExactly("A", "B");
    }

    @Test
    void aColumnOfWhichNothingIsKnownIsRefused() {
        assertThatThrownBy(() -> column(null, "?", "NA", "?"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no label is known in column 'w'");
        assertThatThrownBy(() -> file(null, "?", "?"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("labels.tsv: no label is known in any line");
    }

    @Test
    void namesThatSeveralRowsHaveAreSaid() throws IOException {
        Dataset d = Datasets.read(
                Files.writeString(folder.resolve("n.csv"), "name,a,w\np,1,A\np,2,B\n,3,A\nq,4,B\n"),
                LabelSelection.declared(),
                LabelSource.columns(new LabelSource.SequenceColumns(null, "w", "name")),
                EncodingOptions.defaults());
        assertThat(d.ids()).containsExactly("p", "p", "3", "q");
        assertThat(d.findings().stream().map(Finding::text))
                .anyMatch(n -> n.contains("1 name in column 'name' names several rows ('p')"))
                .anyMatch(n -> n.contains("no name for 1 row, which has its number as name"));
    }

    @Test
    void aGivenSeparatorIsTaken() throws IOException {
        for (String s : List.of(",", "/", " and ")) {
            assertThat(column(s, "A" + s + "B", "C").labels()).containsExactly("A", "B", "C");
            assertThat(file(s, "A" + s + "B", "C").labels()).containsExactly("A", "B", "C");
        }
        assertThat(column("", "10", "01").labels()).containsExactly("10", "01");
        assertThat(column("", "A,B", "A").labels()).containsExactly("A,B", "A");
        assertThat(file("", "A;B", "A").labels()).containsExactly("A;B", "A");
        assertThatThrownBy(() -> tableWithLabels(";", "name,a\nr0,1\nr1,2\n", "id\tX\tY\nr0\t1\t0\nr1\t0\t1\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("separator has no effect")
                .hasMessageContaining("is a matrix of 0 and 1");
    }

    @Test
    void rareLabelsDoNotStopARecognisedComma() throws IOException {
        assertThat(column(null, "A,B", "B,C", "C,A", "A,D", "D,B", "E,A").labels())
                .containsExactly("A", "B", "C", "D", "E");
    }

    @Test
    void unknownIsWrittenInOneWayEverywhere() throws IOException {
        for (String spelling : List.of("?", "NA", "n/a", "NULL", "nan", "#N/A")) {
            byte[][] expected = {{1}, {-1}, {1}};
            assertThat(column(null, "A", spelling, "A").targets()).isDeepEqualTo(expected);
            assertThat(file(null, "A", spelling, "A").targets()).isDeepEqualTo(expected);
            assertThat(tableWithLabels(
                                    null, "name,a\nr0,1\nr1,2\nr2,3\n", "id\tA\nr0\t1\nr1\t" + spelling + "\nr2\t1\n")
                            .targets())
                    .isDeepEqualTo(expected);
        }
        assertThat(column(null, "A", "Na", "A").findings().stream().map(Finding::text))
                .anyMatch(n -> n.contains("the labels of 1 row are not known (written as 'Na')"));
    }

    // ---- A table whose labels are in a file.

    @Test
    void rowsOfATableFindTheirLabels() throws IOException {
        Dataset d = tableWithLabels(
                null,
                "a,name,b\n0.5,00042,7\n1.5,100507436,8\n2.5,100507437,9\n",
                "100507437\tX\n00042\tX;Y\n100507436\tY\n");
        assertThat(d.ids()).containsExactly("00042", "100507436", "100507437");
        assertThat(d.labels()).containsExactly("X", "Y");
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{1, 1}, {0, 1}, {1, 0}});
        assertThat(d.features()).isDeepEqualTo(new float[][] {{0.5f, 7}, {1.5f, 8}, {2.5f, 9}});
    }

    @Test
    void differentRowsOfOneNameAreRefused() {
        assertThatThrownBy(() -> tableWithLabels(null, "name,a\np,1\np,2\n", "p\tX\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("f.csv:3: 'p' is another record than 'p' in ")
                .hasMessageContaining("give each a name of its own");
    }
}
