package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.LabelSelection;
import org.lamella.data.LabelSource;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.sequences.SequenceEncoding;

class PackedDatasetTest {

    @TempDir
    Path folder;

    private Dataset sequences() throws IOException {
        Path fasta = Files.writeString(folder.resolve("s.fasta"), ">011|ä one\nACGTN\n>100|two\nGG\n");
        return Datasets.read(
                fasta,
                LabelSelection.declared(),
                LabelSource.headerBits(List.of("a", "b", "c")),
                EncodingOptions.oneHot(null, 4, SequenceEncoding.Crop.START));
    }

    private static void same(Dataset a, Dataset b) {
        assertThat(Arrays.deepEquals(a.features(), b.features())).isTrue();
        assertThat(a.targets()).isDeepEqualTo(b.targets());
        assertThat(a.columns()).isEqualTo(b.columns());
        assertThat(a.labels()).isEqualTo(b.labels());
        assertThat(a.ids()).isEqualTo(b.ids());
        assertThat(a.lengths()).isEqualTo(b.lengths());
        assertThat(a.shape()).isEqualTo(b.shape());
    }

    @Test
    void everythingComesBack() throws IOException {
        Dataset data = sequences();
        Path file = folder.resolve("s.lamella");
        PackedDataset.write(data, file);
        same(PackedDataset.read(file), data);
        same(Datasets.read(file, LabelSelection.declared()), data);
        Dataset arrays = Dataset.of(new float[][] {{1, Float.NaN}, {3, -0.5f}}, new byte[][] {{1}, {-1}});
        PackedDataset.write(arrays, file);
        same(PackedDataset.read(file), arrays);
        Path csv = Files.writeString(folder.resolve("t.csv"), "x,y,l\n1,2,1\n3,?,0\n");
        Dataset table = Datasets.read(csv, LabelSelection.last(1));
        PackedDataset.write(table, file);
        same(PackedDataset.read(file), table);
    }

    @Test
    void aModelReadsItOnlyAsItWasTrained() throws IOException {
        Dataset data = sequences();
        Path file = folder.resolve("s.lamella");
        PackedDataset.write(data, file);
        same(Datasets.read(file, data.columns(), data.labels(), true), data);
        assertThat(Datasets.read(file, data.columns(), List.of("other"), false).labels())
                .isEmpty();
        assertThatThrownBy(() -> Datasets.read(file, data.columns(), List.of("other"), true))
                .hasMessageContaining("its labels are not the model's");
        assertThatThrownBy(() -> Datasets.read(file, List.of(new FeatureColumn("x", List.of())), data.labels(), false))
                .hasMessageContaining("not those that the model was trained on");
        assertThatThrownBy(() -> Datasets.read(file, LabelSelection.last(1)))
                .hasMessageContaining("a packed file contains its labels");
    }

    /** Cut at every byte, it is refused, never half-read. */
    @Test
    void whatIsCutShortIsRefused() throws IOException {
        Path file = folder.resolve("s.lamella");
        PackedDataset.write(sequences(), file);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> PackedDataset.read(file))
                    .as("cut to %d", length)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("s.lamella");
        }
        byte[] changed = whole.clone();
        changed[0] = 'X';
        Files.write(file, changed);
        assertThatThrownBy(() -> PackedDataset.read(file)).hasMessageContaining("not a packed dataset of this version");
    }
}
