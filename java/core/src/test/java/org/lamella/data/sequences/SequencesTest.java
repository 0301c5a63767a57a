package org.lamella.data.sequences;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.SharedData;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.FeatureScaling;
import org.lamella.data.InputException;
import org.lamella.data.LabelSelection;
import org.lamella.data.LabelSource;
import org.lamella.data.sequences.SequenceEncoding.Crop;

/** Sequences from FASTA files, with their labels, as one-hot inputs. */
class SequencesTest {

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Dataset readBits(Path file, int length, Crop crop) {
        return Datasets.read(
                file,
                LabelSelection.declared(),
                LabelSource.headerBits(List.of()),
                EncodingOptions.oneHot(null, length, crop));
    }

    private static float[] encode(String sequence, int length, Crop crop) {
        float[] features = new float[4 * length];
        new SequenceEncoding(Alphabet.NUCLEOTIDE, length, crop).encode(sequence, features, 0);
        return features;
    }

    @Test
    void lettersBecomeChannelsAndAmbiguousOnesShares() {
        // A C G T of each position:      A              R = A or G      u = T        N = any, then padding
        assertThat(encode("ARuN", 5, Crop.CENTER))
                .containsExactly(1, 0.5f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5f, 0, 0, 0, 0, 0, 1, 0, 0);
        float[] protein = new float[20];
        new SequenceEncoding(Alphabet.PROTEIN, 1, Crop.START).encode("B", protein, 0); // D or N
        assertThat(protein[2]).isEqualTo(0.5f);
        assertThat(protein[11]).isEqualTo(0.5f);
    }

    @ParameterizedTest
    @CsvSource({"START, AACC", "END, TTTT", "CENTER, CGGG", "ENDS, AATT"})
    void aLongSequenceIsCut(Crop crop, String kept) {
        assertThat(encode("AACCGGGTTTT", 4, crop)).isEqualTo(encode(kept, 4, crop));
    }

    @Property
    void everyPositionHasAtMostOneLetterAndThoseOfTheSequenceExactlyOne(
            @ForAll
                    @CharRange(from = 'A', to = 'A')
                    @CharRange(from = 'C', to = 'C')
                    @CharRange(from = 'G', to = 'G')
                    @CharRange(from = 'T', to = 'T')
                    @StringLength(min = 1, max = 60)
                    String sequence,
            @ForAll @IntRange(min = 1, max = 50) int length,
            @ForAll Crop crop) {
        float[] features = encode(sequence, length, crop);
        StringBuilder back = new StringBuilder();
        for (int p = 0; p < length; p++) {
            int letters = 0;
            for (int c = 0; c < 4; c++) {
                if (features[c * length + p] != 0) {
                    letters++;
                    back.append("ACGT".charAt(c));
                }
            }
            assertThat(letters).isLessThanOrEqualTo(1);
        }
        assertThat(back).hasSize(Math.min(length, sequence.length()));
        if (sequence.length() <= length) {
            assertThat(back.toString()).isEqualTo(sequence);
        } else if (crop == Crop.ENDS) {
            assertThat(sequence)
                    .startsWith(back.substring(0, (length + 1) / 2))
                    .endsWith(back.substring((length + 1) / 2));
        } else {
            assertThat(sequence).contains(back);
        }
    }

    @Test
    void bitsOfTheHeaderAreLabels() throws IOException {
        Dataset data = Datasets.read(
                file("a.fasta", ">011|first\nACGU\nNN\n\n>100|second one\nacg t\n>000\nTT\n"),
                LabelSelection.declared(),
                LabelSource.headerBits(List.of("x", "y", "z")),
                EncodingOptions.oneHot(null, 0, Crop.CENTER));
        assertThat(data.labels()).containsExactly("x", "y", "z");
        assertThat(data.targets()).isEqualTo(new byte[][] {{0, 1, 1}, {1, 0, 0}, {0, 0, 0}});
        assertThat(data.ids()).containsExactly("first", "second one", "3");
        assertThat(data.columns().get(0).sequence())
                .isEqualTo(new SequenceEncoding(Alphabet.NUCLEOTIDE, 6, Crop.CENTER));
        assertThat(data.width()).isEqualTo(24);
        assertThat(data.columns().get(0).features())
                .hasSize(24)
                .startsWith("A@1", "A@2")
                .endsWith("T@6");
    }

    @Test
    void aFolderHasALabelAFileAndAGzipFileIsReadTheSame() throws IOException {
        file("nucleus.fasta", ">p1 SP 14\nMKII\nFF\n>p2\nMNLR\n");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("er.fa.gz")))) {
            out.write(">p3\nMWWY\n>p2\nMNLR\n".getBytes(StandardCharsets.US_ASCII));
        }
        Dataset data = Datasets.read(folder, LabelSelection.declared(), LabelSource.data(), EncodingOptions.defaults());
        assertThat(data.labels()).containsExactly("er", "nucleus");
        assertThat(data.ids()).containsExactly("p3", "p2", "p1");
        assertThat(data.targets()).as("p2 is in both").isEqualTo(new byte[][] {{1, 0}, {1, 1}, {0, 1}});
        assertThat(requireNonNull(data.columns().get(0).sequence()).alphabet()).isEqualTo(Alphabet.PROTEIN);
    }

    @Test
    void labelsComeFromASecondFile() throws IOException {
        Path labels = file("labels.tsv", "a\tcytosol;membrane\nb\t\nother\tnucleus\n");
        Dataset data = Datasets.read(
                file("s.fa", ">b\nAC\n>a some text\nGT\n"),
                LabelSelection.declared(),
                LabelSource.file(labels),
                EncodingOptions.oneHot(null, 0, Crop.CENTER));
        assertThat(data.labels()).containsExactly("cytosol", "membrane", "nucleus");
        assertThat(data.targets()).isEqualTo(new byte[][] {{0, 0, 0}, {1, 1, 0}});
    }

    @Test
    void scalingLeavesPaddingZero() throws IOException {
        Dataset data = readBits(file("a.fasta", ">1|a\nAAAA\n>0|b\nAC\n"), 6, Crop.CENTER);
        FeatureScaling scaling = FeatureScaling.learn(FeatureScaling.Method.STANDARD, data, data.rows());
        for (int i = 0; i < data.width(); i++) {
            assertThat(scaling.apply(i, data.features()[0][i])).isEqualTo(data.features()[0][i]);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '"',
            value = {
                "ACGT                        ~ a.fasta:1: a sequence without a header",
                ">01|a;>10|b;AC              ~ a.fasta:1: no sequence after the header '01|a'",
                ">01|a;AC;>1|b;AC            ~ a.fasta:3: 1 bits, but there are 2 in the first header",
                ">01|a;AC;>xy|b;AC           ~ a.fasta:3: expected a header that begins with one bit per label, such "
                        + "as >011|name, found '>xy'",
                ">01|a;ACGTACGTACGTACGT7     ~ a.fasta:1: '7' at position 17 is not a letter of a nucleotide sequence"
            })
    void whatIsWrongIsSaidWithItsPlace(String text, String message) throws IOException {
        Path file = file("a.fasta", text.strip().replace(';', '\n') + "\n");
        assertThatThrownBy(() -> readBits(file, 0, Crop.CENTER))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message.strip());
    }

    @Test
    void missingLabelsAndBrokenArchivesAreRefused() throws IOException {
        Path plain = file("s.fa", ">a\nACGT\n");
        assertThatThrownBy(() ->
                        Datasets.read(plain, LabelSelection.declared(), LabelSource.data(), EncodingOptions.defaults()))
                .hasMessageContaining("s.fa: no labels; give LabelSource.headerBits");
        Path labels = file("l.tsv", "b\tx\n");
        assertThatThrownBy(() -> Datasets.read(
                        plain,
                        LabelSelection.declared(),
                        LabelSource.file(labels),
                        EncodingOptions.oneHot(null, 0, Crop.CENTER)))
                .hasMessageContaining("s.fa:1: 'a' has no line in");
        Path broken = file("s.fa.gz", "no gzip at all");
        assertThatThrownBy(() -> readBits(broken, 0, Crop.CENTER))
                .hasMessageContaining("s.fa.gz: its name says that it is compressed");
        assertThatThrownBy(() -> Datasets.read(folder.resolve("none.fa"), LabelSelection.declared()))
                .hasMessageContaining("none.fa: no such file");
    }

    @Test
    void publishedFilesAreReadWhole() {
        Dataset peptides = readBits(SharedData.file("peptides-train.fasta"), 0, Crop.CENTER);
        assertThat(peptides.size()).isEqualTo(7899);
        assertThat(peptides.labels()).hasSize(21);
        assertThat(requireNonNull(peptides.columns().get(0).sequence()).length())
                .isEqualTo(50);
        Dataset compartments = Datasets.read(
                requireNonNull(SharedData.file("multiloc/nuclear.fasta").getParent()),
                LabelSelection.declared(),
                LabelSource.data(),
                EncodingOptions.oneHot(null, 30, Crop.START));
        assertThat(compartments.labels()).hasSize(11).contains("nuclear", "plasma_membrane");
        assertThat(compartments.size()).isLessThanOrEqualTo(5959).isGreaterThan(5900);
        Dataset rna = readBits(SharedData.file("lncrna-human-219.fasta"), 200, Crop.ENDS);
        assertThat(rna.size()).isEqualTo(219);
        assertThat(requireNonNull(rna.columns().get(0).sequence()).alphabet()).isEqualTo(Alphabet.NUCLEOTIDE);
    }
}
