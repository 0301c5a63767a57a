package org.lamella.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.LabelSelection;
import org.lamella.data.LabelSource;
import org.lamella.data.sequences.Alphabet;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.network.Convolution;
import org.lamella.network.Shape;

class UsualNetworkTest {

    @TempDir
    Path folder;

    private Dataset sequences(SequenceEncoding.Method method, int length) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            text.append(i % 2 == 0 ? ">10|r" : ">01|r").append(i).append('\n');
            text.append((i % 2 == 0 ? "ACGTACGG" : "TTGACCAT").repeat(length / 8 + 1), 0, length)
                    .append('\n');
        }
        Path file = Files.writeString(folder.resolve("s.fasta"), text);
        EncodingOptions encoding =
                new EncodingOptions(method, Alphabet.of("dna"), 0, SequenceEncoding.Crop.ENDS, 3, 3, 0.05, false);
        return Datasets.read(
                file, LabelSelection.declared(), new LabelSource(true, java.util.List.of(), null, null), encoding);
    }

    @ParameterizedTest
    @CsvSource({
        "ONE_HOT, 160, seqcnn",
        "ONE_HOT, 40, seqcnn-short",
        "KMERS, 160, mlp",
        "CODES, 160, mlp",
        "DAC, 160, mlp"
    })
    void sequencesWithPositionsGetASequenceNetwork(SequenceEncoding.Method method, int length, String name)
            throws IOException {
        Dataset data = sequences(method, length);
        UsualNetwork usual = UsualNetwork.of(data);
        assertThat(usual.name()).isEqualTo(name);
        if (name.equals("mlp")) {
            assertThat(usual.input()).isNull();
            assertThat(usual.reason()).isNull();
        } else {
            assertThat(usual.input()).isEqualTo(new Shape(4, 1, length));
            assertThat(usual.reason()).contains("one-hot sequence of " + length + " positions");
        }
    }

    @Test
    void theTrainerTakesIt() throws IOException {
        Dataset data = sequences(SequenceEncoding.Method.ONE_HOT, 40);
        TrainingSettings settings = TrainingSettings.defaults().epochs(1);
        var network = new Trainer(data, settings, new CpuDevice()).run().model().network();
        assertThat(network.input()).isEqualTo(new Shape(4, 1, 40));
        assertThat(network.nodes()).anyMatch(n -> n.layer() instanceof Convolution);
        var own = new Trainer(data, settings, new CpuDevice())
                .input(Shape.vector(160), false)
                .run()
                .model()
                .network();
        assertThat(own.nodes()).noneMatch(n -> n.layer() instanceof Convolution);
    }

    @Test
    void tablesGetTheMlp() {
        float[][] features = new float[10][3];
        byte[][] targets = new byte[10][1];
        Arrays.setAll(features, i -> new float[] {i, 2 * i % 7, 1});
        Arrays.setAll(targets, i -> new byte[] {(byte) (i % 2)});
        assertThat(UsualNetwork.of(Dataset.of(features, targets)).name()).isEqualTo("mlp");
    }
}
