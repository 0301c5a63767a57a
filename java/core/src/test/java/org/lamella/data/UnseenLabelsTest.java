package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.data.rows.SimilarLabels;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.finding.Finding;

/** Labels of a test file that training never saw are named, in every format. */
class UnseenLabelsTest {

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static void named(Dataset test, String... parts) {
        assertThat(test.findings())
                .filteredOn(f -> f.code() == Finding.Code.UNSEEN_LABELS)
                .singleElement()
                .extracting(Finding::text)
                .asString()
                .contains(parts);
    }

    @Test
    void labelFile() throws IOException {
        Dataset training = Datasets.read(
                file("a.fa", ">a\nACGT\n>b\nGGGG\n"),
                LabelSelection.declared(),
                LabelSource.file(file("a.tsv", "a\tNucleus\nb\tCytosol;Nucleus\n")),
                EncodingOptions.defaults());
        Path fasta = file("t.fa", ">x\nACGT\n>y\nGGGG\n>z\nTTTT\n");
        Dataset test = Datasets.read(
                fasta,
                training.columns(),
                training.labels(),
                true,
                LabelSource.file(file("t.tsv", "x\tnucleus\ny\tExosome;Nucleus\nz\tExosome\n")));
        named(
                test,
                "2 of the labels",
                "'nucleus' (training has 'Nucleus') in 1 row",
                "'Exosome' in 2 rows",
                "2 of 3 rows have no other label");
        assertThat(test.targets())
                .as("no row has Cytosol: it is absent, not missing")
                .isDeepEqualTo(new byte[][] {{0, 0}, {1, 0}, {0, 0}});
        assertThatThrownBy(() -> Datasets.read(
                        fasta,
                        training.columns(),
                        training.labels(),
                        true,
                        LabelSource.file(file("u.tsv", "x\tnucleus\ny\tnucleus\nz\tExosome\n"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none of its labels ('nucleus' (training has 'Nucleus'), 'Exosome') is one of")
                .hasMessageContaining("(Nucleus, Cytosol)");
        assertThatThrownBy(() -> Datasets.read(fasta, training.columns(), training.labels(), true))
                .hasMessageContaining("no labels; give LabelSource.headerBits")
                .hasMessageContaining("LabelSource.file");
        assertThat(Datasets.read(fasta, training.columns(), training.labels(), false)
                        .labels())
                .as("predictions need none")
                .isEmpty();
    }

    @Test
    void labelColumn() throws IOException {
        LabelSource source = LabelSource.columns(new LabelSource.SequenceColumns("seq", "where", null));
        Dataset training = Datasets.read(
                file("a.csv", "seq,where\nACGT,Nucleus\nGGGG,Cytosol\n"),
                LabelSelection.declared(),
                source,
                EncodingOptions.defaults());
        Dataset test = Datasets.read(
                file("t.csv", "seq,where\nACGT,Nucleus;Exosome\nGGGG,Exosome\n"),
                training.columns(),
                training.labels(),
                true,
                source);
        named(test, "one of the labels", "'Exosome' in 2 rows", "1 of 2 rows has no other label");
        assertThat(test.targets()).isDeepEqualTo(new byte[][] {{1, 0}, {0, 0}});
    }

    @Test
    void libsvm() throws IOException {
        Dataset training = Datasets.read(file("a.libsvm", "1,2 1:1 2:1\n"), LabelSelection.declared());
        Dataset test =
                Datasets.read(file("t.libsvm", "2 1:5\n7 1:5\n1,7 2:1\n"), training.columns(), training.labels(), true);
        named(test, "'label7' in 2 rows", "1 of 3 rows");
        assertThatThrownBy(() ->
                        Datasets.read(file("u.libsvm", " 1:5\n 2:1\n"), training.columns(), training.labels(), true))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no column for the label 'label1'");
        assertThatThrownBy(() ->
                        Datasets.read(file("v.libsvm", "8 1:5\n9 2:1\n"), training.columns(), training.labels(), true))
                .hasMessageContaining("none of its labels ('label8', 'label9') is one of the model's (label1, label2)");
    }

    @Test
    void columnsOfTheirOwn() throws IOException {
        Dataset training = Datasets.read(file("a.csv", "x,y,A,B\n1.5,2,1,0\n3,4,0,1\n"), LabelSelection.last(2));
        Dataset test = Datasets.read(
                file("t.csv", "x,y,A,B,C,note\n1.5,2,1,0,0,7\n3,4,0,0,1,8\n5,6,0,1,1,9\n"),
                training.columns(),
                training.labels(),
                true);
        named(test, "'C' in 2 rows", "1 of 3 rows");
        assertThatThrownBy(() ->
                        Datasets.read(file("u.csv", "x,y,A,b\n1,2,1,0\n"), training.columns(), training.labels(), true))
                .hasMessageContaining("no column for the label 'B'; is 'b' meant? Then rename it");
        assertThatThrownBy(
                        () -> Datasets.read(file("v.csv", "x,y\n1,2\n"), training.columns(), training.labels(), true))
                .hasMessageContaining("no column for the label 'A', and none for 1 other label: is this a file")
                .hasMessageContaining("not to predict");
    }

    @Test
    void folderOfFasta() throws IOException {
        Path one = Files.createDirectory(folder.resolve("one"));
        Files.writeString(one.resolve("nucleus.fa"), ">a\nACGT\n");
        Files.writeString(one.resolve("er.fa"), ">b\nGGGG\n");
        Path two = Files.createDirectory(folder.resolve("two"));
        Files.writeString(two.resolve("nucleus.fa"), ">a\nACGT\n");
        Files.writeString(two.resolve("exosome.fa"), ">b\nGGGG\n>c\nTTTT\n");
        Dataset training =
                Datasets.read(one, LabelSelection.declared(), LabelSource.data(), EncodingOptions.defaults());
        Dataset test = Datasets.read(two, training.columns(), training.labels(), true);
        named(test, "'exosome' in 2 rows", "2 of 3 rows");
        assertThat(training.labels()).isEqualTo(List.of("er", "nucleus"));
    }

    @Test
    void similarNames() {
        assertThat(SimilarLabels.of(List.of("Nucleus", "cytosol", "nucleus", "plasma membrane", "Plasma_Membrane"))
                        .orElseThrow()
                        .text())
                .contains("'Nucleus' and 'nucleus', 'plasma membrane' and 'Plasma_Membrane'");
        assertThat(SimilarLabels.of(List.of("a", "b", "a1"))).isEmpty();
        assertThat(SimilarLabels.of(List.of("-1", "1", "-2")))
                .as("a sign is no separator")
                .isEmpty();
        assertThat(SimilarLabels.like("1.0", List.of("2", "1"))).contains("1");
        assertThat(SimilarLabels.like("01", List.of("2", "1"))).contains("1");
        assertThat(SimilarLabels.like("Nu\u200bcleus", List.of("Nucleus"))).contains("Nucleus");
        assertThat(SimilarLabels.like("plasma\u00a0membrane", List.of("plasma membrane")))
                .isPresent();
        assertThat(SimilarLabels.like("me\u0301diane", List.of("m\u00e9diane"))).isPresent();
    }
}
