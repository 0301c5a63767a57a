package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.LabelSelection;

/** The list of formats, which messages and help name. */
class TableFormatsTest {

    @TempDir
    Path folder;

    @Test
    void everyFormatIsNamedWithItsEndings() {
        assertThat(Datasets.formats())
                .containsExactly(
                        "ARFF (.arff)",
                        "CSV (.csv)",
                        "TSV (.tsv)",
                        "LIBSVM (.libsvm, .svm)",
                        "NumPy (.npy, .npz)",
                        "PNG (.png; a folder)",
                        "FASTA (.fasta, .fa, .fna, .faa, .ffn, .fas; or a folder, one file per " + "label)",
                        "packed (.lamella)");
    }

    @Test
    void anUnknownFileIsRefusedWithAllFormats() throws IOException {
        Path file = Files.writeString(folder.resolve("x.parquet"), "x");
        assertThatThrownBy(() -> Datasets.read(file, LabelSelection.declared()))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": unknown file format; supported formats: " + Datasets.formatSummary());
        assertThat(Datasets.isDataFolder(folder)).isFalse();
        assertThatThrownBy(() -> Datasets.read(folder, LabelSelection.declared()))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(folder + ": no supported file in this folder; supported formats: ARFF");
    }

    @Test
    void capitalsAndCompressionMakeNoOtherFormat() {
        assertThat(TableFormats.FASTA.matches(Path.of("A.FASTA.GZ"))).isTrue();
        assertThat(TableFormats.FASTA.matches(Path.of("fasta"))).isFalse();
        assertThat(TableFormats.PNG.matches(Path.of("a.png.gz"))).isFalse();
    }
}
