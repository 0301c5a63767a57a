package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.LabelSelection;
import org.lamella.data.Schema;
import org.lamella.finding.Finding;

/** Tables as R, spreadsheets and people write them. */
class CsvFormsTest {

    @TempDir
    Path folder;

    private Dataset read(String text) throws IOException {
        return Datasets.read(Files.writeString(folder.resolve("t.csv"), text), LabelSelection.last(1));
    }

    private static List<String> features(Dataset data) {
        return data.columns().stream().map(FeatureColumn::name).toList();
    }

    private static List<String> notes(Dataset data) {
        return data.findings().stream().map(Finding::text).toList();
    }

    /** A column of these cells, one after the other, next to a column of numbers. */
    private static String column(String... cells) {
        return "a,b,l\n"
                + IntStream.range(0, 30)
                        .mapToObj(r -> r * 0.5 + "," + cells[r % cells.length] + "," + r % 2 + "\n")
                        .collect(Collectors.joining());
    }

    // ---- R's write.table: the first line does not name the names of rows.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a,b,l#g1,1.5,2,0#g2,2.25,3,1#",
                "\"a\",\"b\",\"l\"#\"g1\",1.5,2,0#\"g2\",2.25,3,1#",
                "a\tb\tl#g1\t1.5\t2\t0#g2\t2.25\t3\t1#",
                "\"a\" \"b\" \"l\"#\"g1\" 1.5 2 0#\"g2\" 2.25 3 1#",
                "a;b;l#g1;1,5;2;0#g2;2,25;3;1#"
            })
    void namesOfRowsThatTheFirstLineDoesNotName(String text) throws IOException {
        Dataset d = read(text.replace('#', '\n'));
        assertThat(features(d)).containsExactly("a", "b");
        assertThat(d.ids()).containsExactly("g1", "g2");
        assertThat(d.features()).isDeepEqualTo(new float[][] {{1.5f, 2}, {2.25f, 3}});
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{0}, {1}});
        assertThat(notes(d)).anyMatch(n -> n.contains("one name less than the other lines have values"));
    }

    @Test
    void aModelReadsRTablesToo() throws IOException {
        Dataset d = read("a,b,l\n1,1.5,2,0\n2,2.25,3,1\n");
        assertThat(d.ids()).containsExactly("1", "2");
        Path one = Files.writeString(folder.resolve("o.csv"), "b,a\n77,4,0.5\n");
        Dataset other = Datasets.read(one, d.columns(), d.labels(), false);
        assertThat(other.features()).isDeepEqualTo(new float[][] {{0.5f, 4}});
        assertThat(other.ids()).containsExactly("77");
    }

    @Test
    void blanksSeparateCellsIfNothingElseDoes() throws IOException {
        Dataset d = read("a b l\n1.5 2 0\n2.25 3 1\n");
        assertThat(d.features()).isDeepEqualTo(new float[][] {{1.5f, 2}, {2.25f, 3}});
        assertThat(notes(d)).anyMatch(n -> n.contains("cells are separated by blanks, not by ','"));
        Dataset commas = read("a b,l\nx y,0\nz w,1\nz w,1\n");
        assertThat(features(commas)).containsExactly("a b");
    }

    // ---- Cells.

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "missing,1.5     ~ t.csv:2: 'missing' in column 'b' is not a number, but 15 other cells are; write ?",
                "1.5,#DIV/0!     ~ t.csv:3: '#DIV/0!' in column 'b' is not a number",
                "1.5,<0.5        ~ t.csv:3: '<0.5' in column 'b' is not a number",
                "1.5,high,2,3    ~ declare the column as text in a schema, or, if it names the rows, give",
                "0.5 kg,1.5 kg   ~ t.csv:2: '0.5 kg' in column 'b' has a unit",
                "$5,$17          ~ t.csv:2: '$5' in column 'b' has a unit",
                "\u22121.5,\u22122 ~ t.csv:2: '\u22121.5' in column 'b' has a minus sign that is no hyphen",
                "39.2%,41%       ~ is a percentage",
                "=B2/2,=B3/2     ~ t.csv:2: '=B2/2' in column 'b' is a formula; write it as a plain number",
                "1.5,=B3/2       ~ t.csv:3: '=B3/2' in column 'b' is a formula",
                "1.5D+02,2.5D-01 ~ t.csv:2: '1.5D+02' in column 'b' is a number in a form that is not read",
                "1.5±0.2,2 +/- 0.1 ~ t.csv:2: '1.5±0.2' in column 'b' is a number in a form",
                "2024-03-01,2024-03-02 ~ holds dates or times",
                "12:30,13:45     ~ holds dates or times"
            })
    void cellsThatAreNoPlainNumbers(String cells, String message) {
        assertThatThrownBy(() -> read(column(cells.strip().split(","))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aNumberColumnWithOneTextNeverNamesTheRows() {
        StringBuilder text = new StringBuilder("a,b,l\n");
        for (int r = 0; r < 40; r++) {
            text.append(r == 5 ? "unknown" : Float.toString(r * 0.37f))
                    .append(",2.5,")
                    .append(r % 2)
                    .append('\n');
        }
        assertThatThrownBy(() -> read(text.toString()))
                .hasMessageContaining("t.csv:7: 'unknown' in column 'a' is not a number, but 39 other cells are");
    }

    @Test
    void numbersThatAreTooSmallForAFloatAreSaid() throws IOException {
        Dataset d = read("p,b,l\n1e-50,1,0\n0.5,2,1\n0.000,3,1\n");
        assertThat(d.features()[0][0]).isZero();
        assertThat(notes(d)).anyMatch(n -> n.contains("become 0, such as 1e-50"));
        assertThat(notes(read("p,b,l\n0.000,1,0\n0.5,2,1\n-0,3,1\n"))).noneMatch(n -> n.contains("become 0"));
    }

    @Test
    void aColumnWithoutAnyValueIsLeftOut() throws IOException {
        Dataset d = read("a,b,l\n1.5,NA,0\n2.5,,1\n3.5,NA,1\n");
        assertThat(features(d)).containsExactly("a");
        assertThat(notes(d)).anyMatch(n -> n.contains("column 'b' is left out: no value is known"));
        assertThat(Objects.requireNonNull(Objects.requireNonNull(d.schema()).column("b"))
                        .role())
                .isEqualTo(Schema.Role.IGNORED);
    }

    @Test
    void rowsWithoutAnyValueCountNowhere() throws IOException {
        Dataset d = read("n,a,l\n01,1,0\n,,\n\n02,2,1\n03,,1\n04,3,1\n,,\n");
        assertThat(d.size()).isEqualTo(4);
        assertThat(notes(d))
                .anyMatch(n -> n.contains("without any value left out"))
                .anyMatch(n -> n.contains("missing values in 1 column: empty 1"));
        assertThat(d.ids()).containsExactly("01", "02", "03", "04");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n\n", "\r\n", "   \n\t\n", ",,\n", " , , \n\n"})
    void emptyLinesMayComeBeforeTheFirstOne(String before) throws IOException {
        Dataset d = read(before + "n,a,l\n01,1,0\n02,2.5,1\n03,3,1\n");
        assertThat(features(d)).containsExactly("a");
        assertThat(d.features()).isDeepEqualTo(new float[][] {{1}, {2.5f}, {3}});
        assertThat(d.ids()).as("read twice").containsExactly("01", "02", "03");
    }

    @Test
    void blanksOfWebPagesAreNoPartOfACell() throws IOException {
        Dataset d = read("a,\u00a0b,l\n1.5\u00a0,\u202f2,0\n2.25, 3\u00a0,1\n");
        assertThat(features(d)).containsExactly("a", "b");
        assertThat(d.features()).isDeepEqualTo(new float[][] {{1.5f, 2}, {2.25f, 3}});
    }

    @Test
    void aColumnOfNamesOfLabelsIsNamed() {
        assertThatThrownBy(() -> read("a,b,kind\n1,2,dog\n2,3,cat\n3,4,dog\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("t.csv: label 'kind' is 'dog'")
                .hasMessageContaining("if it has names of labels, give SequenceColumns.labels kind");
    }

    // ---- The first line.

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "# made by hand#a,b,l#1,2,0#  ~ t.csv:2: found 3 values, but the first line has one, '# made by hand'",
                "Report of March##a,b,l#1,2,0#  ~ take out what is before it",
                "'a','b','l'#'1','2','0'#       ~ t.csv:1: single quotes",
                "a  b  l#1  2  0#               ~ t.csv:1: several blanks between names",
                "a  b  l#1   2  0#              ~ t.csv:1: several blanks between names"
            })
    void aFirstLineThatIsNoHeader(String text, String message) {
        String lines = text.startsWith("#") ? "#" + text.substring(1).replace('#', '\n') : text.replace('#', '\n');
        assertThatThrownBy(() -> read(lines.replace("\n\n", "\n")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }
}
