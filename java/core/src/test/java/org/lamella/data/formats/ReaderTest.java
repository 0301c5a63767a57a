package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.SharedData;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.LabelSelection;

class ReaderTest {

    @TempDir
    Path folder;

    private Dataset read(String name, String text, LabelSelection labels) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        return Datasets.read(file, labels);
    }

    @Test
    void denseArffWithEverything() throws IOException {
        Dataset d = read("a.arff", """
                % comment
                @RELATION 'a test'

                @attribute 'first one' NUMERIC
                @attribute "second" real
                @attribute colour {red, 'dark blue', green}
                @attribute yes {YES,NO}
                @attribute l1 {0,1}
                @attribute 'l\\'2' {NO,YES}
                @data
                1.5, -2e3, 'dark blue', NO, 1, YES
                ?, 0, red, YES, 0, ?
                % another comment
                3,4,green,?,1,'NO'
                """, LabelSelection.last(2));
        assertThat(d.labels()).containsExactly("l1", "l'2");
        assertThat(d.columns().stream().flatMap(c -> c.features().stream()))
                .containsExactly("first one", "second", "colour=red", "colour=dark blue", "colour=green", "yes");
        assertThat(d.features()[0]).containsExactly(1.5f, -2000, 0, 1, 0, 0);
        assertThat(d.features()[1][0]).isNaN();
        assertThat(d.features()[1][5]).isEqualTo(1);
        assertThat(d.features()[2][5]).isNaN();
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{1, 1}, {0, -1}, {1, 0}});
        assertThat(d.ids()).containsExactly("1", "2", "3");
    }

    @Test
    void sparseArff() throws IOException {
        Dataset d = read("s.arff", """
                @relation s
                @attribute a numeric
                @attribute b {x,y}
                @attribute l {0,1}
                @data
                {0 3, 2 1}
                {1 y}
                {}
                """, LabelSelection.last(1));
        assertThat(d.features()).isDeepEqualTo(new float[][] {{3, 0}, {0, 1}, {0, 0}});
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{1}, {0}, {0}});
    }

    @Test
    void csvWithQuotesMissingValuesAndAnIdentifier() throws IOException {
        Dataset d = read("c.csv", """
                name,a,"b, quoted",kind,l1,l2
                x1,1,2,p,0,1
                x2,,3.5,q,1,0
                "x,3",5,NA,r,1,?
                """, LabelSelection.last(2));
        assertThat(d.ids()).containsExactly("x1", "x2", "x,3");
        assertThat(d.width()).isEqualTo(5);
        assertThat(d.features()[1][0]).isNaN();
        assertThat(d.targets()[2]).containsExactly(1, -1);
    }

    @Test
    void rangesOfArffAttributesAreRead() throws IOException {
        Dataset d = read("keel.arff", """
                @relation r
                @attribute a real [0.0, 10.0]
                @attribute b integer [1,5] % as KEEL writes it
                @attribute c numeric {1.0}
                @attribute l {0,1} {1}
                @data
                1.5,2,3,1
                2.5,3,4,0
                """, LabelSelection.last(1));
        assertThat(d.features()).isDeepEqualTo(new float[][] {{1.5f, 2, 3}, {2.5f, 3, 4}});
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{1}, {0}});
    }

    @Test
    void mekaNamesItsOwnLabels() throws IOException {
        Dataset d = read(
                "m.arff",
                "@relation 'x: -C 1'\n@attribute l {0,1}\n@attribute a numeric\n@data\n1,2\n",
                LabelSelection.declared());
        assertThat(d.labels()).containsExactly("l");
    }

    @Test
    void labelsThatOverruleMekasAreAFinding() throws IOException {
        Dataset d = read(
                "m.arff",
                "@relation 'x: -C 2'\n@attribute l {0,1}\n@attribute m {0,1}\n@attribute a numeric\n@data\n1,0,2\n",
                LabelSelection.first(1));
        assertThat(d.labels()).containsExactly("l");
        assertThat(d.findings())
                .extracting(f -> f.text())
                .singleElement()
                .asString()
                .contains("declares its first 2 columns as labels (-C 2), and LabelSelection.first 1 is used instead");
    }

    @Test
    void aSecondFileIsReadWithTheFirstOnesColumns() throws IOException {
        Dataset first =
                read("one.csv", "a,k,l\n1,p,0\n2,q,1\n3,r,1\n4,p,0\n5,p,0\n6,p,0\n7,q,0\n", LabelSelection.last(1));
        Path other = folder.resolve("two.csv");
        Files.writeString(other, "k,extra,a\nq,9,5\n");
        Dataset second = Datasets.read(other, first.columns(), first.labels(), false);
        assertThat(second.features()[0]).containsExactly(5, 0, 1, 0);
        assertThat(second.labels()).isEmpty();
        assertThatThrownBy(() -> Datasets.read(other, first.columns(), first.labels(), true))
                .hasMessageContaining("no column for the label 'l'");
        Files.writeString(other, "k,a\nz,5\n");
        assertThatThrownBy(() -> Datasets.read(other, first.columns(), first.labels(), false))
                .hasMessageContaining("two.csv:2:")
                .hasMessageContaining("'z'");
    }

    @Test
    void aYesNoColumnOfOneValueTakesTheOtherLater() throws IOException {
        Dataset first = read("one.csv", "m,k,l\nNO,yes,0\nNO,yes,1\n", LabelSelection.last(1));
        assertThat(first.features()).isDeepEqualTo(new float[][] {{0, 1}, {0, 1}});
        Path other = folder.resolve("two.csv");
        Files.writeString(other, "m,k\nYES,no\n");
        assertThat(Datasets.read(other, first.columns(), first.labels(), false).features()[0])
                .containsExactly(1, 0);
        Files.writeString(other, "m,k\nmaybe,no\n");
        assertThatThrownBy(() -> Datasets.read(other, first.columns(), first.labels(), false))
                .hasMessageContaining("maybe");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bad.arff | @relation r;@attribute a numeric;@attribute l {0,1};@data;1,0;2 | bad.arff:6: "
                        + "expected 2 values, found 1",
                "bad.arff | @relation r;@attribute a numeric;@attribute l {0,1};@data;1,0;x,1 | bad.arff:6: 'x' "
                        + "in column 'a'",
                "bad.arff | @relation r;@attribute a numeric;@attribute l {0,1};@data;NaN,0 | bad.arff:5: 'NaN' "
                        + "in column 'a'",
                "bad.arff | @relation r;@attribute a numeric;@attribute l numeric;@data;1,0;1,3 | bad.arff:6: "
                        + "label 'l' is '3'",
                "bad.arff | @relation r;@attribute a numeric;@attribute l {0,1};@data;1,2 | bad.arff:5: '2' is "
                        + "not among the declared",
                "bad.arff | @relation r;@attribute a numeric;@attribute l {0,1} | no @data line",
                "bad.arff | @relation r;@attribute a numeric;@attribute l {0,1};@data | no rows of data",
                "bad.arff | @relation r;@attribute a numeric;@attribute l {0,1};@data;{0 1 | bad.arff:5: a sparse "
                        + "row has no closing",
                "bad.arff | @relation r;@attribute a numeric;@attribute l {0,1};@data;{7 1} | bad.arff:5: '7': "
                        + "indices run from 0 to 1",
                "bad.arff | @relation r;@attribute a numeric;@attribute a numeric;@data;1,1 | both called 'a'",
                "bad.arff | @relation r;@attribute a;@data;1 | bad.arff:2: an @attribute needs a name and a type",
                "bad.arff | nonsense | bad.arff:1: expected @relation",
                "bad.arff | @relation r;@attribute a numeric;@attribute l {0,1};@data;{0 1, 0 2} | bad.arff:5: "
                        + "index 0 is there twice",
                "bad.arff | @relation r;@attribute a numeric;@attribute l {0,1};@data;1,0,{2} | bad.arff:5: the row "
                        + "has the weight {2}",
                "bad.arff | @relation r;@attribute a numeric;@attribute l {0,0};@data;1,0 | bad.arff:3: 'l' has "
                        + "the value '0' twice",
                "bad.arff | @relation r;@attribute a numeric;@attribute l {0,1};@data;1,,0,1 | bad.arff:5: expected 2 "
                        + "values, found more: '1'",
                "bad.arff | @relation r;@attribute a numeric {2.5};@attribute l {0,1};@data;1,0 | bad.arff:2: "
                        + "attribute 'a' has the weight {2.5}; weights of attributes are not supported",
                "bad.arff | @relation r;@attribute a numeric [0;@attribute l {0,1} {3};@data;1,0 | bad.arff:3: "
                        + "attribute 'l' has the weight {3}",
                "bad.arff | @relation r;@attribute a string [0,1];@attribute l {0,1};@data;1,0 | bad.arff:2: '[0' "
                        + "after the type of 'a'",
                "bad.libsvm | 1 1:2 1:3 | bad.libsvm:1: index 1 is there twice",
                "bad.libsvm | 1,2,1 1:2 | bad.libsvm:1: label 1 is there twice",
                "bad.csv | a,l;1,0;2 | bad.csv:3: expected 2 values, found 1",
                "bad.csv | a,l;1,0;x,1 | bad.csv:3: 'x' in column 'a' is not a number",
                "bad.csv | a,l;1,0;Infinity,1 | bad.csv:3: 'Infinity' in column 'a'",
                "bad.csv | 1,0;2,1 | bad.csv:1: the first line holds numbers",
                "bad.csv | a,l | no rows of data",
                "bad.csv | l;1;0 | at least one must be a feature",
                "bad.txt | a,l;1,0 | unknown file format"
            })
    void saysWhereAndWhatIsWrong(String name, String lines, String message) {
        assertThatThrownBy(() -> read(name, lines.replace(';', '\n'), LabelSelection.last(1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void emptyAndMissingFilesAndNoLabels() throws IOException {
        assertThatThrownBy(() -> read("e.csv", "", LabelSelection.last(1))).hasMessageContaining("the file is empty");
        assertThatThrownBy(() -> Datasets.read(folder.resolve("none.csv"), LabelSelection.last(1)))
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> read("n.csv", "a,b\n1,1\n", LabelSelection.declared()))
                .hasMessageContaining("LabelSelection.last N");
        Path xml = folder.resolve("l.xml");
        Files.writeString(xml, "<labels><label name=\"zz\"/></labels>");
        assertThatThrownBy(() -> read("n.csv", "a,b\n1,1\n", LabelSelection.xml(xml)))
                .hasMessageContaining("'zz'");
        Files.writeString(xml, "<labels>");
        assertThatThrownBy(() -> LabelSelection.xml(xml)).isInstanceOf(InputException.class);
        Files.writeString(xml, "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><labels>&e;</labels>");
        assertThatThrownBy(() -> LabelSelection.xml(xml)).isInstanceOf(InputException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "emotions, 593, 72, 6, 1.868",
        "genbase, 662, 1185, 27, 1.252",
        "cal500, 502, 68, 174, 26.044",
        "plant-pseaac, 978, 440, 12, 1.079",
        "rna-pseknc-other, 3130, 19, 19, 1.239",
        "eukaryote-go, 7766, 12689, 22, 1.146"
    })
    void realFiles(String name, int rows, int features, int labels, double cardinality) {
        Dataset d = Datasets.read(SharedData.file(name + ".arff"), LabelSelection.xml(SharedData.file(name + ".xml")));
        assertThat(d.size()).isEqualTo(rows);
        assertThat(d.width()).isEqualTo(features);
        assertThat(d.labels()).hasSize(labels);
        long positives = 0;
        for (byte[] t : d.targets()) {
            for (byte b : t) {
                positives += b;
            }
        }
        assertThat(positives / (double) rows).isCloseTo(cardinality, org.assertj.core.data.Offset.offset(0.0006));
    }

    @Test
    void genbaseKeepsItsIdentifiers() {
        Dataset d = Datasets.read(SharedData.file("genbase.arff"), LabelSelection.xml(SharedData.file("genbase.xml")));
        assertThat(d.ids().get(0)).isEqualTo("O00060");
    }

    @Test
    void mulanAndMekaFormsOfFlagsAgree() {
        Dataset mulan = Datasets.read(SharedData.file("flags.arff"), LabelSelection.xml(SharedData.file("flags.xml")));
        Dataset meka = Datasets.read(SharedData.file("flags-meka.arff"), LabelSelection.declared());
        assertThat(meka.labels()).isEqualTo(mulan.labels());
        long same = java.util.stream.IntStream.range(0, 194)
                .filter(i -> java.util.Arrays.equals(mulan.targets()[i], meka.targets()[i]))
                .count();
        assertThat(same).isEqualTo(194);
    }
}
