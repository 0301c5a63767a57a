package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

/** Files of labels in every common form, and names that the two files write differently. */
class LabelFileTest {

    private static final String FASTA = ">a\nACGT\n>b\nGGGG\n>c\nTTTT\n";

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Dataset read(String fasta, String labels) throws IOException {
        return Datasets.read(
                file("s.fa", fasta),
                LabelSelection.declared(),
                LabelSource.file(file("labels.txt", labels)),
                EncodingOptions.defaults());
    }

    private static List<String> texts(Dataset d) {
        return d.findings().stream()
                .filter(f -> f.code() == Finding.Code.LABEL_FILE_FORM)
                .map(Finding::text)
                .toList();
    }

    /** Every form of: a has X and Y, b has X, c has Y. A comma in place of a line's end, a semicolon for a tab. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a@X;Y/b@X/c@Y",
                "a@X; Y ;/b@X/c@Y/",
                "a@X,Y/b@X/c@Y",
                "a@X, Y/b@X/c@Y",
                "a@X|Y/b@X/c@Y",
                "a,X;Y/b,X/c,Y",
                "a,X,Y/b,X/c,Y",
                "a,X,Y/b,X,/c,Y,",
                "a,\"X, Y\"/b,X/c,Y",
                "\"a\",\"X\"/\"a\",\"Y\"/b,X/c,Y",
                "a;X,Y/b;X/c;Y",
                "a X;Y/b X/c Y",
                "a   X,Y/b X/c Y",
                "a@X/a@Y/b@X/c@Y",
                "c@Y/a@X/b@X/a@Y",
                "id@label/a@X;Y/b@X/c@Y",
                "id,location/a,X;Y/b,X/c,Y",
                "Entry@Subcellular location/a@X;Y/b@X/c@Y",
                "#id@labels/a@X;Y/b@X/c@Y",
                "# made by hand/a@X;Y/b@X/c@Y",
                "foo@bar/a@X;Y/b@X/c@Y",
                "id,label/a,X/a,Y/b,X/c,Y",
                "id@X@Y/a@1@1/b@1@0/c@0@1",
                "id,X,Y/a,1,1/b,1,0/c,0,1",
                "id;X;Y/a;1;1/b;1;0/c;0;1",
                ",X,Y/a,1.0,1.0/b,1.0,0.0/c,0.0,1.0",
                "id,X,Y/a,yes,TRUE/b,Yes,no/c,false,1",
                "X,Y/a,1,1/b,1,0/c,0,1",
                "id,location1,location2/a,X,Y/b,X,/c,Y,",
                "c@Y/unused@X/b@X//a@Y;X"
            })
    void forms(String text) throws IOException {
        Dataset d = read(FASTA, text.replace('/', '\n').replace('@', '\t'));
        assertThat(d.labels()).containsExactlyInAnyOrder("X", "Y");
        int x = d.labels().indexOf("X");
        assertThat(d.targets()[0]).containsExactly(1, 1);
        assertThat(d.targets()[1][x]).isEqualTo((byte) 1);
        assertThat(d.targets()[1][1 - x]).isZero();
        assertThat(d.targets()[2][x]).isZero();
        assertThat(d.targets()[2][1 - x]).isEqualTo((byte) 1);
    }

    @Test
    void guessesAreSaid() throws IOException {
        assertThat(texts(read(FASTA, "a\tX;Y\nb\tX\nc\tY\n"))).isEmpty();
        assertThat(texts(read(FASTA, "a\tX,Y\nb\tX\nc\tY\n")))
                .singleElement()
                .asString()
                .contains("separated by commas");
        assertThat(texts(read(FASTA, "id\tlocation\na\tX\nb\tX\nc\tY\n")))
                .singleElement()
                .asString()
                .contains("'id location', is a header");
        assertThat(texts(read(FASTA, "id,X,Y\na,1,1\nb,1,0\nc,0,1\n")))
                .singleElement()
                .asString()
                .contains("a matrix of 0 and 1, whose first line names 2 labels (X, Y)");
        assertThat(texts(read(FASTA, "a\tX\na\tY\nb\tX\nc\tY\n")))
                .singleElement()
                .asString()
                .contains("one label per line: 3 names in 4 lines");
        assertThat(texts(read(FASTA, "a\tX;Y, inner\nb\tX\nc\tX\n")))
                .singleElement()
                .asString()
                .contains("1 label has one of , ; | in its name ('Y, inner')");
    }

    @Test
    void accessionsNextToLabelsAreRefused() {
        StringBuilder fasta = new StringBuilder();
        StringBuilder same = new StringBuilder();
        StringBuilder different = new StringBuilder();
        for (int r = 0; r < 12; r++) {
            fasta.append(">r").append(r).append("\nACGT\n");
            String labels = r == 3 ? "" : r % 2 == 0 ? "X\tY" : "Y\tX";
            same.append("r").append(r).append("\tmouse\t").append(labels).append('\n');
            different
                    .append("r")
                    .append(r)
                    .append("\tNM_")
                    .append(r)
                    .append('\t')
                    .append(labels)
                    .append('\n');
        }
        assertThatThrownBy(() -> read(fasta.toString(), same.toString()))
                .hasMessageContaining("'mouse' in column 2 of 4 is unlike the labels");
        assertThatThrownBy(() -> read(fasta.toString(), different.toString()))
                .hasMessageContaining("'NM_0' in column 2 of 4 is unlike the labels");
    }

    @Test
    void unknownIsNotAbsent() throws IOException {
        assertThat(read(FASTA, "id,X,Y\na,1,?\nb,,NA\nc,0,1\n").targets())
                .isDeepEqualTo(new byte[][] {{1, -1}, {-1, -1}, {0, 1}});
        assertThat(read(FASTA, "a\tX\nb\t?\nc\t\n").targets()).isDeepEqualTo(new byte[][] {{1}, {-1}, {0}});
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "a@1/b@0/c@1           ~ 0 and 1 without a first line that names the labels",
                "a,1,0/b,0,1/c,1,1     ~ 0 and 1 without a first line that names the labels",
                "X/Y/X                 ~ labels.txt:1: expected 'id TAB label;label', found one part only: 'X'",
                "0/1/1                 ~ every line begins with the name of a row",
                "a@X/b/c@Y             ~ labels.txt:2: expected",
                "a@X;Y/a@Z/b@X/c@Y     ~ labels.txt:2: 'a' appears for the second time, after line 1",
                "id,X/a,1/b,0/a,0/c,1  ~ labels.txt:4: 'a' appears for the second time, after line 2",
                "id,X,X/a,1,1/b,0,1/c,1,1 ~ labels.txt:1: the label 'X' appears twice",
                "id,where,kind/a,X,mouse/b,Y,human/c,X,human ~ found 3 columns (id, where, kind)",
                "a@X@mouse/b@Y@human/c@X@human ~ Keep two columns",
                "a@X/b@Y               ~ s.fa:5: 'c' has no line in",
                "id,X,Y/a,1,0/b,2,1/c,0,1 ~ labels.txt:3: '2' in column 'X' is neither 0 nor 1; a matrix of labels has",
                "id,X,Y/a,1,-1/b,-1,1/c,1,1 ~ labels.txt:2: '-1' in column 'Y' is neither 0 nor 1",
                "id,X,Y/a,0.12,0.9/b,1,0.9/c,0,1 ~ labels.txt:2: '0.12' in column 'X' is neither",
                "id,length,X,Y/a,120,0,1/b,77,1,1/c,5,1,0 ~ labels.txt:2: '120' in column 'length' is neither",
                "id,name,X,Y/a,one,1,0/b,two,0,1/c,three,1,1 ~ labels.txt:2: 'one' in column 'name' is neither",
                "id,X,Y/a,x,/b,,x/c,x,x ~ labels.txt:2: 'x' in column 'X' is neither",
                "id,X,Y/a,P,N/b,N,P/c,P,P ~ labels.txt:2: 'P' in column 'X' is neither",
                "id,X,Y/a,Y,N/b,N,Y/c,Y,Y ~ labels.txt:2: 'Y' in column 'X' is neither",
                "id,X,Y/a,X,0/b,0,Y/c,0,Y ~ labels.txt:2: 'X' in column 'X' is neither",
                "id,X,Y,note/a,1,0,ok/b,0,1,/c,1,1,ok ~ labels.txt:2: 'ok' in column 'note' is neither",
                "a@60@X/b@61@Y/c@60@ ~ labels.txt:1: '60' in column 2 of 3 is unlike the labels in other columns",
                "id,first,second,kind/a,X,Y,mouse/b,Y,Z,human/c,Z,X,human ~ found 4 columns (id, first, second, kind)",
                "zz,X,Y/unused,3,1/a,1,2/b,2,0/c,0,1 ~ is neither 0 nor 1",
                "id,X/a,1,0/b,0,1/c,1,1 ~ labels.txt:1: one name less than the other lines have values",
                "id,X,Y/a,1,0/b,0/c,1,1 ~ labels.txt:3: expected 3 values, found 2; is the line cut short?",
                "a@110/b@011/c@010     ~ labels.txt: '110': one bit per label, or the name of a label?",
                "a X Y/b X Z/c Y        ~ labels.txt: 'X Y': one label, or several? Write X;Y",
                "a@X Y/b@X/c@Y/d@cell membrane ~ labels.txt: 'X Y': one label, or several? Write X;Y"
            })
    void whatIsNotClearIsRefused(String text, String message) {
        assertThatThrownBy(() -> read(FASTA, text.replace('/', '\n').replace('@', '\t')))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void namesOfSeveralWordsAreNoLists() throws IOException {
        assertThat(read(FASTA, "a\tcell membrane\nb\tnuclear membrane\nc\tnucleus\n")
                        .labels())
                .containsExactly("cell membrane", "nuclear membrane", "nucleus");
        assertThat(read(FASTA, "a cell membrane;X\nb X\nc nuclear membrane\n").labels())
                .containsExactly("cell membrane", "X", "nuclear membrane");
    }

    @ParameterizedTest
    @CsvSource({
        "sp|P12345|ONE_HUMAN, P12345",
        "P12345, sp|P12345|ONE_HUMAN",
        "sp|P12345|ONE_HUMAN some protein OS=Homo, sp|P12345|ONE_HUMAN",
        "sp|P12345|ONE_HUMAN some protein OS=Homo, P12345",
        "tr|A0A1|ONE_HUMAN, A0A1",
        "NM_1.2 some text, NM_1.2",
        "NM_1.2, NM_1.2 some text",
        "gi|33|ref|NM_1.2| text, NM_1.2",
        "gene one, gene one"
    })
    void theSameSequenceMayHaveSeveralNames(String header, String name) throws IOException {
        Dataset d = read(">" + header + "\nACGT\n>other\nGGGG\n", "other\tY\n" + name + "\tX\n");
        assertThat(d.labels()).containsExactly("Y", "X");
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{0, 1}, {1, 0}});
    }

    @Test
    void namesThatAreNotUniqueAreRefused() throws IOException {
        assertThatThrownBy(() -> read(">a\nACGT\n>a\nGGGG\n", "a\tX\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("s.fa:3: 'a' is another record than 'a' in ")
                .hasMessageContaining("s.fa:1");
        assertThatThrownBy(() -> read(">gene one\nACGT\n>gene two\nGGGG\n", "gene\tX\n"))
                .hasMessageContaining("'gene two' is another record than 'gene one'");
        assertThatThrownBy(() -> read(">sp|P1|A\nACGT\n", "tr|P1|B\tX\nsp|P1|C\tY\n"))
                .hasMessageContaining("could be each of 'tr|P1|B', 'sp|P1|C'");
        Dataset whole = read(">gene one\nACGT\n>gene two\nGGGG\n", "gene one\tX\ngene two\tY\n");
        assertThat(whole.targets()).as("whole headers tell them apart").isDeepEqualTo(new byte[][] {{1, 0}, {0, 1}});
        assertThat(read(">a\nACGT\n>a\nACGT\n", "a\tX\n").targets())
                .as("the same sequence twice")
                .isDeepEqualTo(new byte[][] {{1}, {1}});
    }

    @Test
    void tablesOfSequencesTakeLabelsFromAFile() throws IOException {
        Path csv = file("s.csv", "name,seq\nsp|P1|A,ACGT\nq,GGGG\n");
        LabelSource source = new LabelSource(
                false,
                List.of(),
                file("labels.csv", "id,label\nP1,X\nq,Y\n"),
                new LabelSource.SequenceColumns("seq", null, "name"));
        Dataset d = Datasets.read(csv, LabelSelection.declared(), source, EncodingOptions.defaults());
        assertThat(d.labels()).containsExactly("X", "Y");
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{1, 0}, {0, 1}});
    }
}
