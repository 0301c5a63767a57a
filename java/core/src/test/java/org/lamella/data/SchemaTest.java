package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.data.Reading.OnBadRecord;
import org.lamella.data.formats.PackedDataset;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.finding.Finding;
import org.lamella.json.Json;

/** A schema on its way: declared, applied to a file, kept, and applied to other files. */
class SchemaTest {

    private static final String DECLARED = """
            {"columns": [{"column": "k", "type": "text"}, {"column": "junk", "role": "ignored"},
             {"column": "code", "role": "id"}, {"column": "l", "role": "label"}]}
            """;

    @TempDir
    Path folder;

    private Dataset trained;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Dataset read(Path file, Reading reading) {
        return Datasets.read(file, LabelSelection.declared(), LabelSource.data(), EncodingOptions.defaults(), reading);
    }

    @BeforeEach
    void train() throws IOException {
        Schema declared = Schema.read(file("s.json", DECLARED));
        trained = read(
                file("t.csv", "code,a,k,junk,l\n007,1.5,5,9,0\n008,2.5,6,9,1\n009,3.5,5,8,1\n"),
                Reading.strict().of(declared));
    }

    private Dataset other(String text) throws IOException {
        return Datasets.read(
                file("o.csv", text),
                trained.columns(),
                trained.labels(),
                false,
                LabelSource.data(),
                Reading.strict().of(trained.schema()));
    }

    @Test
    void aReadingOfASchemaSharesItsBadRecords() throws IOException {
        Reading reading = new Reading(OnBadRecord.SKIP);
        Reading declared = reading.of(Schema.read(file("s.json", DECLARED)));
        assertThat(reading.schema()).isNull();
        assertThat(declared.schema()).isNotNull();
        read(file("b.csv", "code,a,k,junk,l\n1,1.5,5,9,0\n2,2.5,6,9,7\n"), declared);
        assertThat(reading.skipped())
                .isEqualTo(declared.skipped())
                .singleElement()
                .satisfies(r -> assertThat(r.line()).isEqualTo(3));
    }

    @Test
    void typesAndRolesAreThoseOfTheSchema() {
        assertThat(trained.ids()).containsExactly("007", "008", "009");
        assertThat(trained.labels()).containsExactly("l");
        assertThat(trained.columns().stream().map(FeatureColumn::name)).containsExactly("a", "k");
        assertThat(trained.columns().get(1).categories()).containsExactly("5", "6");
        Schema kept = Objects.requireNonNull(trained.schema());
        assertThat(kept.columns()).extracting(Schema.Column::name).containsExactly("code", "a", "k", "junk", "l");
        assertThat(Objects.requireNonNull(kept.column("junk")).role()).isEqualTo(Schema.Role.IGNORED);
        assertThat(Objects.requireNonNull(kept.column("k")).why()).isEqualTo("as declared");
    }

    @Test
    void anotherFileMayHaveItsColumnsInAnotherOrder() throws IOException {
        Dataset d = other("l,extra,k,code,a\n1,x,6,0042,9.5\n0,y,5,43,8\n");
        assertThat(d.features()).isDeepEqualTo(new float[][] {{9.5f, 1}, {8, 0}});
        assertThat(d.ids()).containsExactly("0042", "43");
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{1}, {0}});
        assertThat(d.findings())
                .as("what training decided is not guessed again")
                .isEmpty();
    }

    @Test
    void anotherFileMayWriteItsCellsDifferently() throws IOException {
        assertThat(Arrays.deepToString(other("code;a;k\n1;1,25;5\n2;NA;6\n").features()))
                .isEqualTo("[[1.25, 0.0], [NaN, 1.0]]");
        assertThat(Arrays.deepToString(other("a,k\n-,5\n").features())).isEqualTo("[[NaN, 0.0]]");
        assertThat(other("a,k\n-,5\n").ids()).containsExactly("1");
    }

    @Test
    void whatDoesNotFitTheModelIsRefused() {
        assertThatThrownBy(() -> other("code,a\n1,2\n")).hasMessageContaining("o.csv: no column 'k'");
        assertThatThrownBy(() -> other("a,k\n1.5,5.0\n"))
                .hasMessageContaining("o.csv:2: '5.0' in column 'k' was not among the values seen in training: 5, 6");
        assertThatThrownBy(() -> other("a,k\n1.5,5\nred,5\n"))
                .hasMessageContaining("o.csv:3: 'red' in column 'a' is not a number");
        assertThatThrownBy(() -> other("a,k\n\"1,234\",5\n1.5,5\n")).hasMessageContaining("'1,234' in column 'a'");
    }

    @Test
    void aSchemaThatContradictsOtherSettingsIsRefused() throws IOException {
        Path table = file("c.csv", "p,q,a,x,y\n1,4,0.5,0,1\n2,5,1.5,1,1\n3,6,2.5,1,0\n");
        assertThatThrownBy(() -> declared(table, "{\"column\": \"x\", \"role\": \"label\"}", LabelSelection.last(1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("column 'x' has the role label in the schema")
                .hasMessageContaining("give it the role feature");
        assertThatThrownBy(() -> declared(table, "{\"column\": \"y\", \"role\": \"feature\"}", LabelSelection.last(1)))
                .hasMessageContaining("column 'y' has the role feature in the schema")
                .hasMessageContaining("give it the role label");
        assertThatThrownBy(() -> declared(
                        table,
                        "{\"column\": \"p\", \"role\": \"id\"}, {\"column\": \"q\", \"role\": \"id\"}",
                        LabelSelection.last(2)))
                .hasMessageContaining("column 'q' has the role id in the schema");
        Path arff = file("c.arff", "@relation r\n@attribute a numeric\n@attribute l {0,1}\n@data\n1,0\n2,1\n");
        assertThatThrownBy(() -> declared(arff, "{\"column\": \"a\", \"type\": \"text\"}", LabelSelection.last(1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the file itself says that column 'a' has the type number, not text");
        Dataset d = declared(table, "{\"column\": \"p\", \"role\": \"feature\"}", LabelSelection.last(2));
        assertThat(d.columns().stream().map(FeatureColumn::name)).containsExactly("p", "q", "a");
    }

    private Dataset declared(Path table, String columns, LabelSelection labels) throws IOException {
        Schema schema = Schema.read(file("d.json", "{\"columns\": [" + columns + "]}"));
        return Datasets.read(
                table,
                labels,
                LabelSource.data(),
                EncodingOptions.defaults(),
                Reading.strict().of(schema));
    }

    @Test
    void aFileThatIsNoSchemaIsRefusedInPlainWords() {
        assertThatThrownBy(() ->
                        Schema.read(file("e.json", "{\"columns\": [{\"column\": \"a\", \"type\": \"integer\"}]}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "'integer' is neither a type (number, text) nor a role (feature, label, id, ignored)");
        for (String text : List.of("[]", "7", "{\"columns\": 3}", "{}")) {
            assertThatThrownBy(() -> Schema.read(file("e.json", text)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("a schema is {\"columns\": [{\"column\": \"NAME\"")
                    .hasMessageNotContaining("org.lamella");
        }
    }

    @Test
    void aPackedFileKeepsTheSchema() throws IOException {
        Path packed = folder.resolve("t.lamella");
        PackedDataset.write(trained, packed);
        Dataset again = Datasets.read(packed, LabelSelection.declared());
        assertThat(again.schema()).isEqualTo(trained.schema());
        assertThat(again.ids()).isEqualTo(trained.ids());
    }

    @Test
    void aSchemaThatIsWrittenIsRead() throws IOException {
        Schema schema = Objects.requireNonNull(trained.schema());
        Path written = file("w.json", Json.mapper().writeValueAsString(schema));
        assertThat(Schema.read(written)).isEqualTo(schema);
        Dataset again = read(
                file("t.csv", "code,a,k,junk,l\n007,1.5,5,9,0\n008,2.5,6,9,1\n009,3.5,5,8,1\n"),
                Reading.strict().of(Schema.read(written)));
        assertThat(again.features()).isDeepEqualTo(trained.features());
        assertThat(again.ids()).isEqualTo(trained.ids());
    }

    @Test
    void sequencesAndImagesHaveNoSchema() throws IOException {
        Dataset fasta = Datasets.read(
                file("s.fa", ">1|a\nACGT\n>0|b\nGGGG\n"),
                LabelSelection.declared(),
                LabelSource.headerBits(List.of()),
                EncodingOptions.defaults());
        assertThat(fasta.schema()).isNull();
        assertThat(fasta.findings())
                .singleElement()
                .satisfies(f -> assertThat(f.code()).isEqualTo(Finding.Code.SEQUENCE_LETTERS));
    }
}
