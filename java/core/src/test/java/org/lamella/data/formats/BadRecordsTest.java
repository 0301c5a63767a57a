package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.data.BadRecord;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.LabelSelection;
import org.lamella.data.LabelSource;
import org.lamella.data.Reading;
import org.lamella.data.Reading.OnBadRecord;
import org.lamella.data.sequences.Alphabet;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.sequences.SequenceEncoding.Crop;
import org.lamella.finding.Finding;

/** FASTA as programs write it: comments, stars at the end, records that cannot be used. */
class BadRecordsTest {

    private static final String GOOD = ">10|a\nACGTAC\n>01|b\nACGGGT\n";

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Dataset read(Path file, Reading reading) {
        return Datasets.read(
                file,
                LabelSelection.declared(),
                LabelSource.headerBits(List.of()),
                EncodingOptions.oneHot(null, 0, Crop.ENDS),
                reading);
    }

    private static List<String> notes(Dataset data) {
        return data.findings().stream().map(Finding::text).toList();
    }

    @Test
    void commentLinesAreSkippedWhereverTheyAre() throws IOException {
        Dataset plain = read(file("a.fa", GOOD), Reading.strict());
        Dataset commented = read(
                file("b.fa", "; made by x\n>10|a\n;comment\nACG\n; more\nTAC\n>01|b\nACGGGT\n;"), Reading.strict());
        assertThat(commented.features()).isDeepEqualTo(plain.features());
        assertThat(commented.ids()).isEqualTo(plain.ids());
    }

    @Test
    void aStarAtTheEndIsNoLetter() throws IOException {
        Dataset data = read(file("s.fa", GOOD.replace("ACGTAC", "ACGTAC*")), Reading.strict());
        assertThat(data.features())
                .isDeepEqualTo(read(file("a.fa", GOOD), Reading.strict()).features());
        assertThat(data.lengths()).containsExactly(6, 6);
        assertThat(notes(data)).singleElement().asString().contains("sequences whose * at the end is left out: 1");
        assertThatThrownBy(() -> read(file("m.fa", GOOD.replace("ACGTAC", "AC*TAC")), Reading.strict()))
                .hasMessageContaining("m.fa:1: '*' at position 3 is not a letter of a nucleotide sequence");
    }

    @Test
    void badRecordsAreAnErrorOrLeftOutAndListed() throws IOException {
        Path file = file("x.fa", GOOD + ">11|digits more\nACG7TT\n>00|empty\n>2|bits\nACG\n>11|c\nTTT\n");
        assertThatThrownBy(() -> read(file, Reading.strict()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("x.fa:7: no sequence after the header '00|empty'; correct it, or leave out such "
                        + "records with Reading.OnBadRecord skip");
        Reading reading = new Reading(OnBadRecord.SKIP);
        Dataset data = read(file, reading);
        assertThat(data.ids()).containsExactly("a", "b", "c");
        assertThat(data.targets()).isEqualTo(new byte[][] {{1, 0}, {0, 1}, {1, 1}});
        assertThat(reading.skipped())
                .extracting(BadRecord::line)
                .as("in the order of their discovery")
                .containsExactlyInAnyOrder(5L, 7L, 8L);
        assertThat(reading.skipped())
                .anySatisfy(r -> assertThat(r.reason()).startsWith("'7' at position 4"))
                .allSatisfy(r -> assertThat(r.file()).endsWith("x.fa"));
        assertThatThrownBy(() -> read(file("none.fa", ">1|a\n>1|b\n"), new Reading(OnBadRecord.SKIP)))
                .hasMessageContaining("none.fa: none of its 2 records can be used");
    }

    @Test
    void rowsKeepTheirNumbersIfOthersAreLeftOut() throws IOException {
        Path csv = file("t.csv", "x,l\n1,0\n2,7\n3,1\n");
        Reading reading = new Reading(OnBadRecord.SKIP);
        Dataset data =
                Datasets.read(csv, LabelSelection.last(1), LabelSource.data(), EncodingOptions.defaults(), reading);
        assertThat(data.ids()).containsExactly("1", "3");
        assertThat(data.features()).isDeepEqualTo(new float[][] {{1}, {3}});
        assertThat(reading.skipped()).singleElement().satisfies(r -> {
            assertThat(r.name()).isEqualTo("2");
            assertThat(r.line()).isEqualTo(3);
            assertThat(r.reason()).startsWith("label 'l' is '7");
        });
    }

    @Test
    void theAlphabetThatWasTakenIsNoted() throws IOException {
        Dataset gaps = read(file("g.fa", ">1|a\nAC-G-U.ACG\n>0|b\nACGRYNACGU\n"), Reading.strict());
        assertThat(Objects.requireNonNull(gaps.columns().get(0).sequence()).alphabet())
                .isEqualTo(Alphabet.NUCLEOTIDE);
        assertThat(notes(gaps))
                .singleElement()
                .asString()
                .contains(
                        "alphabet nucleotide (decided on all letters)",
                        "ambiguous letters: 3",
                        "position without a letter: 3");
        assertThatThrownBy(() -> read(file("q.fa", ">1|a\nMKRHST\n>0|b\nWYVKR\n"), Reading.strict()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("q.fa: the sequences could be nucleotides or proteins");
        Dataset other = Datasets.read(
                file("o.fa", ">1\nACGTACGTACGTACGTACGTACGT\n"),
                read(file("p.fa", ">1|a\nMELFQPIL\n>0|b\nEEKLLF\n"), Reading.strict())
                        .columns(),
                List.of(),
                false,
                LabelSource.data());
        assertThat(notes(other)).anyMatch(n -> n.contains("its letters look like those of nucleotides"));
        assertThat(other.findings())
                .filteredOn(f -> f.code() == Finding.Code.CUT_SEQUENCES)
                .singleElement()
                .asString()
                .contains("sequences that are cut to 8 positions: 1 of 1; the longest has 24 letters");
    }
}
