package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
import org.lamella.data.LabelSource;
import org.lamella.data.Reading;
import org.lamella.data.Schema;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.finding.Finding;

/** What a column of a CSV file is: decided on all of its cells, never in silence. */
class CsvColumnsTest {

    private static final EncodingOptions FOUR = EncodingOptions.oneHot(null, 4, SequenceEncoding.Crop.START);

    @TempDir
    Path folder;

    private Dataset read(String text) throws IOException {
        return read("t.csv", text, LabelSelection.last(1));
    }

    private Dataset read(String name, String text, LabelSelection labels) throws IOException {
        return Datasets.read(Files.writeString(folder.resolve(name), text), labels);
    }

    private Dataset columns(String text, @Nullable String sequence, @Nullable String label, @Nullable String id)
            throws IOException {
        return Datasets.read(
                Files.writeString(folder.resolve("t.csv"), text),
                LabelSelection.declared(),
                LabelSource.columns(new LabelSource.SequenceColumns(sequence, label, id)),
                FOUR);
    }

    private static Schema schema(Dataset data) {
        return Objects.requireNonNull(data.schema());
    }

    private static Schema.Column column(Dataset data, String name) {
        return Objects.requireNonNull(schema(data).column(name), name);
    }

    private static List<String> features(Dataset data) {
        return data.columns().stream().map(FeatureColumn::name).toList();
    }

    // ---- Missing values.

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "NA", "N/A", "NULL", "null", "nan", "NaN", "None", "-", ".", "#N/A"})
    void aMissingValueIsMissingInEveryRow(String spelling) throws IOException {
        for (int row = 0; row < 3; row++) {
            StringBuilder text = new StringBuilder("a,b,l\n");
            for (int r = 0; r < 3; r++) {
                text.append(r == row ? spelling : "1.5")
                        .append(",2.5,")
                        .append(r % 2)
                        .append('\n');
            }
            Dataset d = read(text.toString());
            assertThat(features(d)).containsExactly("a", "b");
            assertThat(d.width()).isEqualTo(2);
            assertThat(d.features()[row][0]).isNaN();
            assertThat(d.features()[(row + 1) % 3][0]).isEqualTo(1.5f);
            assertThat(column(d, "a").missing()).isEqualTo(Map.of(spelling, 1));
            assertThat(column(d, "a").type()).isEqualTo(Schema.Type.NUMBER);
            assertThat(d.ids()).containsExactly("1", "2", "3");
            assertThat(notes(d).get(0)).contains("1 column").contains(spelling.isEmpty() ? "empty" : spelling);
        }
    }

    @Test
    void amongTextsADashIsATextAndThatIsSaid() throws IOException {
        Dataset d = read("strand,a,l\n+,1,0\n-,2,1\n-,3,0\nNA,4,1\n");
        assertThat(d.columns().get(0).categories()).containsExactly("+", "-");
        assertThat(d.features()[3][0]).isNaN();
        assertThat(notes(d)).anyMatch(n -> n.contains("'-' is a text"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Inf", "-inf", "Infinity", "1e39", "x", "1f", "0x10", "12d"})
    void aCellThatIsNoNumberIsNamedWithItsLine(String cell) {
        for (int row = 0; row < 3; row++) {
            String[] cells = {"1", "2", "3"};
            cells[row] = cell;
            int line = row + 2;
            String text = "b,a,l\n7.5," + cells[0] + ",0\n8.5," + cells[1] + ",1\n9.5," + cells[2] + ",1\n";
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("t.csv:" + line + ": '" + cell + "' in column 'a'");
        }
    }

    // ---- Names of rows.

    @Test
    void identifiersAreTextCharacterForCharacter() throws IOException {
        String rows = "100507436,1.5,x\n100507437,2.5,y\n00042,3.5,x\nENSG00000245532,4.5,y\n1e3,5.5,x\nNA,6.5,y\n";
        Dataset d = columns("gene,a,where\n" + rows, null, "where", "gene");
        assertThat(d.ids()).containsExactly("100507436", "100507437", "00042", "ENSG00000245532", "1e3", "NA");
        assertThat(features(d)).containsExactly("a");
        assertThat(d.labels()).containsExactly("x", "y");
        assertThat(column(d, "gene").role()).isEqualTo(Schema.Role.ID);
    }

    @Test
    void identifiersAreFoundByTheirValues() throws IOException {
        Dataset numbers = read("sample_id,a,l\n100507436,1.5,0\n100507437,2.5,1\n100507438,0.5,1\n");
        assertThat(numbers.ids()).containsExactly("100507436", "100507437", "100507438");
        assertThat(features(numbers)).containsExactly("a");
        assertThat(notes(numbers)).anyMatch(n -> n.contains("'sample_id' names the rows"));
        Dataset pandas = read(",a,l\n0,1.5,0\n1,2.5,1\n2,0.5,1\n");
        assertThat(features(pandas)).containsExactly("a");
        assertThat(pandas.ids()).containsExactly("0", "1", "2");
        Dataset zeros = read("code,a,l\n001,1.5,0\n002,2.5,1\n003,0.5,1\n");
        assertThat(zeros.ids()).containsExactly("001", "002", "003");
    }

    @Test
    void runningNumbersAreNoFeature() throws IOException {
        StringBuilder text = new StringBuilder("t,a,l\n");
        for (int r = 1; r <= 30; r++) {
            text.append(r).append(',').append(r * 0.5).append(',').append(r % 2).append('\n');
        }
        Dataset d = read(text.toString());
        assertThat(features(d)).containsExactly("a");
        assertThat(d.ids().get(29)).isEqualTo("30");
        assertThat(notes(d)).anyMatch(n -> n.contains("running numbers"));
    }

    @Test
    void categoriesAreNotNamesOfRows() throws IOException {
        StringBuilder text = new StringBuilder("code,a,l\n");
        for (int r = 0; r < 12; r++) {
            text.append("E")
                    .append(10 + r % 7)
                    .append(',')
                    .append(r * 0.5)
                    .append(',')
                    .append(r % 2)
                    .append('\n');
        }
        Dataset d = read(text.toString());
        assertThat(d.width()).isEqualTo(8);
        assertThat(d.ids().get(0)).isEqualTo("1");
        assertThat(d.columns().get(0).categories()).hasSize(7).contains("E10", "E16");
    }

    @Test
    void largeNumbersThatAreRoundedAreSaid() throws IOException {
        Dataset d = read("a,position,l\n1.5,16777217,0\n2.5,16777217,1\n");
        assertThat(notes(d)).anyMatch(n -> n.contains("'position'") && n.contains("16777217 becomes 16777216"));
    }

    // ---- Columns that are no features.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2024-01-05 | 2024-02-06 | dates or times ('2024-01-05')",
                "05.01.2024 | 06.01.2024 | dates or times",
                "10:30 | 11:30 | dates or times",
                "39.2% | 40.1% | is a percentage",
                "39.2% | 40.1 | is a percentage",
                "'\"1,234\"' | '\"2,345\"' | a decimal comma or a comma between thousands? Write 1.234, or 1234",
                "'\"1,234\"' | 5 | a decimal comma or a comma between thousands? Write 1.234, or 1234",
                "'\"1,234,567\"' | 5 | separators between thousands",
                "1 234 567 | 5 | separators between thousands"
            })
    void whatIsNoNumberIsRefusedWithAReason(String first, String second, String message) {
        String text = "b,a,l\n7.5," + first + ",0\n8.5," + second + ",1\n9.5," + first + ",1\n";
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("t.csv:2: ")
                .hasMessageContaining(message)
                .hasMessageContaining("'a'");
    }

    /** Each cell is written with 1, 2, 3, ... in place of #. */
    private Dataset numbered(String name, String cell, int different, int rows) throws IOException {
        StringBuilder text = new StringBuilder("b," + name + ",l\n");
        for (int r = 0; r < rows; r++) {
            text.append(r * 0.37f)
                    .append(',')
                    .append(cell.replace("#", Integer.toString(1 + r % different)))
                    .append(',')
                    .append(r % 2)
                    .append('\n');
        }
        return read(text.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2024-0# | dates or times ('2024-01')",
                "#-Mar | dates or times ('1-Mar')",
                "Mar-2# | dates or times",
                "2020010# | dates or times ('20200101')",
                "# km | '1 km' in column 'v' has a unit",
                "#kg | '1kg' in column 'v' has a unit",
                "(#.5) | '(1.5)' in column 'v': a number with other signs, or a name?",
                "<0.# | '<0.1' in column 'v': a number with other signs",
                "#/7 | a number with other signs, or a name?",
                "#;4 | a number with other signs, or a name?",
                "[#; 2] | a number with other signs, or a name?",
                "#.5 (0.1) | a number with other signs, or a name?",
                "0xa# | a number with other signs, or a name?"
            })
    void numbersInOtherFormsAreNeitherNamesNorCategories(String cell, String message) {
        assertThatThrownBy(() -> numbered("v", cell, 9, 9))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("t.csv:2: ")
                .hasMessageContaining(message);
    }

    @Test
    void manyNumbersInOtherFormsAreNoCategories() throws IOException {
        assertThatThrownBy(() -> numbered("v", "#;4", 20, 60)).hasMessageContaining("a number with other signs");
        assertThat(numbered("age", "#0-#9", 8, 60).columns().get(1).categories())
                .as("a few ranges are classes")
                .hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#S", "T#", "1.2.#", "E1#", "chr#", "#q", "P-#"})
    void categoriesWithDigitsStayCategories(String cell) throws IOException {
        assertThat(numbered("v", cell, 7, 30).columns().get(1).categories()).hasSize(7);
    }

    @Test
    void namesOfDigitsNameRows() throws IOException {
        assertThat(numbered("sample_id", "#/7", 9, 9).ids()).startsWith("1/7", "2/7");
        assertThat(numbered("v", "#0-00-0", 9, 9).ids())
                .as("numbers of chemicals")
                .startsWith("10-00-0");
    }

    @Test
    void peptidesAreSequences() throws IOException {
        String letters = "ACDEFGHIKLMNPQRSTVWY";
        for (String name : List.of("v", "peptide")) {
            int length = name.equals("v") ? 9 : 5;
            StringBuilder text = new StringBuilder("b," + name + ",l\n");
            for (int r = 0; r < 15; r++) {
                text.append(r * 0.37f)
                        .append(',')
                        .append(letters, r % 11, r % 11 + length - 1)
                        .append(letters.charAt(r))
                        .append(',')
                        .append(r % 2)
                        .append('\n');
            }
            assertThatThrownBy(() -> read(text.toString()))
                    .hasMessageContaining("column '" + name + "' holds sequences")
                    .hasMessageContaining("SequenceColumns.sequence");
        }
        assertThat(numbered("v", "GENE#", 9, 9).ids()).startsWith("GENE1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "None", ".", "NA", ""})
    void aColumnWithoutValuesIsLeftOut(String cell) throws IOException {
        Dataset d = numbered("v", cell, 1, 9);
        assertThat(features(d)).containsExactly("b");
        assertThat(column(d, "v").role()).isEqualTo(Schema.Role.IGNORED);
        assertThat(notes(d)).anyMatch(n -> n.contains("column 'v' is left out: no value is known"));
    }

    @Test
    void sequencesNameTheSettingForThem() {
        StringBuilder text = new StringBuilder("rna,a,l\n");
        for (int r = 0; r < 300; r++) {
            String bits = Integer.toBinaryString(1024 + r).replace('0', 'A').replace('1', 'U');
            text.append("GGCA")
                    .append(bits)
                    .append("CCGU,")
                    .append(r * 0.5)
                    .append(',')
                    .append(r % 2)
                    .append('\n');
        }
        assertThatThrownBy(() -> read(text.toString()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("column 'rna' holds sequences")
                .hasMessageContaining("SequenceColumns.sequence rna");
    }

    @Test
    void hundredsOfTextsAreLeftOutAndThatIsSaid() throws IOException {
        StringBuilder text = new StringBuilder("a,remark,l\n");
        for (int r = 0; r < 600; r++) {
            text.append(r * 0.5)
                    .append(",word ")
                    .append(r % 300)
                    .append(',')
                    .append(r % 2)
                    .append('\n');
        }
        Dataset d = read(text.toString());
        assertThat(features(d)).containsExactly("a");
        assertThat(column(d, "remark").role()).isEqualTo(Schema.Role.IGNORED);
        assertThat(notes(d)).anyMatch(n -> n.contains("'remark' is left out: 300 different texts"));
    }

    // ---- Labels in one column.

    @Test
    void listsOfLabelsInOneColumn() throws IOException {
        assertThat(columns("a,w\n.5,1\n.5,1;3\n", null, "w", null).labels()).containsExactly("1", "3");
        assertThat(columns("a,w\n.5,01\n.5,02\n", null, "w", null).labels()).containsExactly("01", "02");
        assertThat(columns("a,w\n.5,A|B\n.5,A\n", null, "w", null).labels()).containsExactly("A", "B");
        Dataset commas = columns("a,w\n.5,\"A,B\"\n.5,A\n.5,B\n", null, "w", null);
        assertThat(commas.labels()).containsExactly("A", "B");
        assertThat(commas.targets()).isDeepEqualTo(new byte[][] {{1, 1}, {1, 0}, {0, 1}});
        assertThat(columns("a,w\n.5,1 3\n.5,1\n.5,2 3\n", null, "w", null).labels())
                .containsExactly("1", "3", "2");
        assertThat(columns("a,w\n.5,Golgi apparatus\n.5,plasma membrane\n", null, "w", null)
                        .labels())
                .containsExactly("Golgi apparatus", "plasma membrane");
        assertThatThrownBy(() -> columns("a,w\n.5,\"A,B\"\n.5,C\n", null, "w", null))
                .hasMessageContaining("'A,B': one label, or several? Write A;B")
                .hasMessageContaining("SequenceColumns.separator");
        assertThatThrownBy(() -> columns("a,w\n.5,A|B\n.5,C;D\n", null, "w", null))
                .hasMessageContaining("both ; and |");
        assertThatThrownBy(() -> columns("a,w\n.5,A\n.5,-\n", null, "w", null))
                .hasMessageContaining("no label, or labels");
    }

    @Test
    void labelsThatAreNotKnownAreNotNegative() throws IOException {
        Dataset d = columns("a,w\n.5,A\n.5,?\n.5,\n", null, "w", null);
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{1}, {-1}, {0}});
        assertThat(notes(d)).anyMatch(n -> n.contains("labels of 1 row are not known"));
    }

    @Test
    void aColumnCalledIdDoesNotCollide() throws IOException {
        Dataset named = columns("id,seq,w\np,ACGT,A\nq,GG,B\n", "seq", "w", "id");
        assertThat(named.ids()).containsExactly("p", "q");
        Dataset found = columns("id,seq,w\n7,ACGT,A\n9,GG,B\n", "seq", "w", null);
        assertThat(found.ids()).containsExactly("7", "9");
        Path file = Files.writeString(folder.resolve("t.csv"), "id,seq,A,B\n7,ACGT,1,0\n7,GG,0,1\n");
        Dataset labels = Datasets.read(
                file,
                LabelSelection.last(2),
                LabelSource.columns(new LabelSource.SequenceColumns("seq", null, null)),
                FOUR);
        assertThat(labels.ids()).containsExactly("1", "2");
        assertThat(labels.labels()).containsExactly("A", "B");
    }

    @Test
    void columnsNextToSequencesAreLeftOutAndThatIsSaid() throws IOException {
        Dataset d = columns("id,len,seq,w\np,4,ACGT,A\np,2,GG,B\n", "seq", "w", null);
        assertThat(d.ids()).containsExactly("1", "2");
        assertThat(schema(d).columns().stream().map(Schema.Column::name)).containsExactly("seq", "w", "id", "len");
        assertThat(schema(d).named(Schema.Role.IGNORED)).containsExactly("id", "len");
        assertThat(d.findings().stream().map(Finding::text))
                .anyMatch(n -> n.endsWith("column 'id' is left out: not used where there is a column of sequences"))
                .anyMatch(n -> n.endsWith("column 'len' is left out: not used where there is a column of sequences"));
        Schema wanted = new Schema(
                List.of(new Schema.Column("len", Schema.Type.NUMBER, Map.of(), Schema.Role.FEATURE, "as declared")));
        assertThatThrownBy(() -> Datasets.read(
                        folder.resolve("t.csv"),
                        LabelSelection.declared(),
                        LabelSource.columns(new LabelSource.SequenceColumns("seq", "w", null)),
                        FOUR,
                        Reading.strict().of(wanted)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("column 'len' cannot be a feature");
        Dataset none = columns("seq,w\nACGT,A\nGG,B\n", "seq", "w", null);
        assertThat(schema(none).columns().stream().map(Schema.Column::name))
                .as("numbers of rows are no column")
                .containsExactly("seq", "w");
    }

    // ---- The file.

    @ParameterizedTest
    @CsvSource(
            delimiter = '/',
            value = {
                "a;b;l#1,5;2;0#2,25;3;1#",
                "sep=;#a;b;l#1,5;2;0#2,25;3;1#",
                "a\\tb\\tl#1.5\\t2\\t0#2.25\\t3\\t1#",
                "a\\tb\\tl#1,5\\t2\\t0#2,25\\t3\\t1#",
                "a|b|l#1.5|2|0#2.25|3|1#",
                "a,b,l#\"1,5\",2,0#\"2,25\",3,1#",
                "a,b,l,#1.5,2,0,#2.25,3,1,#",
                "a,b,l,,#1.5,2,0,,#2.25,3,1,,#,,,,#",
                "a,b,l#1.5,2,0,#2.25,3,1,#",
                "\uFEFFa;b;l#1,5;2;0#2,25;3;1#;;#"
            })
    void theSameTableInManyForms(String form) throws IOException {
        Dataset d = read(form.replace("\\t", "\t").replace('#', '\n'));
        assertThat(features(d)).containsExactly("a", "b");
        assertThat(d.labels()).containsExactly("l");
        assertThat(d.features()).isDeepEqualTo(new float[][] {{1.5f, 2}, {2.25f, 3}});
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{0}, {1}});
        assertThat(notes(d)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.5,1.5,0#0.25,2.5,1# | the first line holds numbers (0.5, 1.5, 0)",
                "s1,1.5,0#s2,2.5,1# | the first line holds numbers (1.5, 0)",
                "s1,red,yes#s2,red,no# | 'red' is also a value of its column",
                "a,,l#1,2,0# | no name for column 2",
                "a,l,#1,0,3# | t.csv:2: '3' is in a column without a name",
                "a,l#g1,1,0#g1,2,1# | t.csv:1: one name less than the other lines have values",
                "a,l#0.25,1,0#0.5,2,1# | (0.25, 0.5) are not names of rows",
                "a,l#g1,1,0#2,1# | does the first line lack a name"
            })
    void aFirstLineThatDoesNotNameTheColumns(String text, String message) {
        assertThatThrownBy(() -> read(text.replace('#', '\n')))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aPointInAFileOfDecimalCommasIsAsked() {
        assertThatThrownBy(() -> read("a;b;l\n1,5;1.234;0\n2,5;2.345;1\n"))
                .hasMessageContaining("t.csv:2: '1.234' in column 'b'")
                .hasMessageContaining("Write 1,234, or 1234");
    }

    // ---- A model's columns, and a declared schema.

    @Test
    void anotherFileIsReadWithTheTypesOfTheFirst() throws IOException {
        Dataset first = read("code,a,l\n01,1,0\n02,2,1\n01,3,1\n02,3,1\n");
        assertThat(first.columns().get(0).categories()).containsExactly("01", "02");
        Path other = Files.writeString(folder.resolve("o.csv"), "code,a\n01,-\n02,7\n");
        Dataset second = Datasets.read(other, first.columns(), first.labels(), false);
        assertThat(second.features()[0][0]).isZero();
        assertThat(second.features()[0][1]).isNaN();
        assertThat(second.features()[1]).containsExactly(1, 7);
        Files.writeString(other, "code,a\n01,x\n02,7\n");
        assertThatThrownBy(() -> Datasets.read(other, first.columns(), first.labels(), false))
                .hasMessageContaining("o.csv:2: 'x' in column 'a'");
    }

    @Test
    void aSchemaChangesTypesAndRoles() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "name,k,a,b,l\np,5,1.5,2,0\nq,6,2.5,2,1\nr,6,3.5,3,1\n");
        Path written = Files.writeString(folder.resolve("s.json"), """
                {"columns": [
                  {"column": "k", "type": "text"}, {"column": "a", "role": "ignored"}, {"column": "b", "role": "id"},
                  {"column": "name", "role": "ignored"}, {"column": "l", "role": "label"}]}
                """);
        Dataset d = Datasets.read(
                file,
                LabelSelection.declared(),
                LabelSource.data(),
                EncodingOptions.defaults(),
                Reading.strict().of(Schema.read(written)));
        assertThat(features(d)).containsExactly("k");
        assertThat(d.columns().get(0).categories()).containsExactly("5", "6");
        assertThat(d.ids()).containsExactly("2", "2", "3");
        assertThat(d.labels()).containsExactly("l");
        Files.writeString(written, "{\"columns\": [{\"column\": \"z\", \"role\": \"id\"}]}");
        assertThatThrownBy(() -> Datasets.read(
                        file,
                        LabelSelection.last(1),
                        LabelSource.data(),
                        EncodingOptions.defaults(),
                        Reading.strict().of(Schema.read(written))))
                .hasMessageContaining("no column 'z'");
        Files.writeString(written, "{\"columns\": [{\"column\": \"k\", \"type\": \"date\"}]}");
        assertThatThrownBy(() -> Schema.read(written))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("s.json: not a schema");
    }

    private static List<String> notes(Dataset data) {
        return data.findings().stream().map(Finding::text).toList();
    }
}
