package org.lamella.data.checkup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.SharedData;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.LabelSelection;
import org.lamella.data.LabelSource;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.finding.Finding;

/** Every kind of finding is found where it is planted; data without faults has none. */
class CheckupTest {

    private static final int ROWS = 200;

    private final SplittableRandom random = new SplittableRandom(3);

    private float[][] noise(int width) {
        float[][] rows = new float[ROWS][width];
        for (float[] row : rows) {
            for (int i = 0; i < width; i++) {
                row[i] = (float) random.nextDouble(-1, 1);
            }
        }
        return rows;
    }

    private byte[][] fair(int labels) {
        byte[][] targets = new byte[ROWS][labels];
        for (int i = 0; i < ROWS; i++) {
            for (int l = 0; l < labels; l++) {
                targets[i][l] = (byte) ((i >> l) & 1);
            }
            targets[i][0] = targets[i][1] == 0 && targets[i][labels - 1] == 0 ? 1 : targets[i][0];
        }
        return targets;
    }

    private static List<String> texts(Checkup c) {
        return c.findings().stream().map(Finding::text).toList();
    }

    private static List<String> findings(float[][] features, byte[][] targets) {
        return texts(Checkup.of(Dataset.of(features, targets)));
    }

    @Test
    void workGrowsWithTheNumberOfColumnsAndNotWithItsSquare() {
        float[][] features = {new float[300_000], new float[300_000]};
        features[1][7] = 1;
        Dataset wide = Dataset.of(features, new byte[][] {{0}, {1}});
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(Checkup.of(wide).findings()).isNotEmpty());
    }

    @Test
    void soundDataHasNoFinding() {
        assertThat(findings(noise(4), fair(3))).isEmpty();
    }

    @Test
    void labels() {
        byte[][] t = fair(7);
        for (int i = 0; i < ROWS; i++) {
            t[i][2] = 0;
            t[i][3] = 1;
            t[i][4] = (byte) (i < 7 ? 1 : 0);
            t[i][5] = t[i][1];
            t[i][6] = i == 9 ? -1 : t[i][6];
        }
        Checkup c = Checkup.of(Dataset.of(noise(3), t));
        assertThat(texts(c))
                .anyMatch(f -> f.startsWith("1 of 7 labels is never positive (label3): nothing"))
                .anyMatch(f -> f.startsWith("1 of 7 labels is always positive (label4): a constant"))
                .anyMatch(f -> f.startsWith("1 of 7 labels is positive in fewer than 10 rows (label5 7): too few"))
                .anyMatch(f -> f.startsWith("1 of 7 labels is not known in some rows (label7 1): "))
                .anyMatch(f -> f.contains("the same in every row (label2 = label6)"));
        assertThat(c.together()[1][5]).isEqualTo(c.labels().get(1).positives()).isEqualTo(c.together()[5][1]);
        byte[][] none = new byte[ROWS][1];
        none[0][0] = 1;
        assertThat(findings(noise(3), none))
                .anyMatch(f -> f.contains("is right in 99.5 % of decisions"))
                .anyMatch(f -> f.startsWith("199 of 200 rows have no label"));
    }

    @Test
    void rowsOfUnknownLabels() {
        byte[][] t = fair(2);
        float[][] x = noise(3);
        for (int i = 0; i < 150; i++) {
            t[i] = new byte[] {-1, -1};
        }
        x[160] = x[10].clone(); // what is not known contradicts nothing
        Checkup c = Checkup.of(Dataset.of(x, t));
        assertThat(c.unknown()).isEqualTo(150);
        assertThat(c.conflicting()).isZero();
        assertThat(c.cardinality()).isBetween(1.0, 2.0);
        assertThat(texts(c))
                .anyMatch(f -> f.startsWith("150 of 200 rows have no known label (all ?)"))
                .noneMatch(f -> f.contains("is right in"))
                .noneMatch(f -> f.contains("not known in some rows"));
        byte[][] none = new byte[ROWS][];
        java.util.Arrays.fill(none, new byte[] {-1, -1});
        assertThat(findings(noise(2), none)).singleElement().asString().startsWith("no label is known in any row");
        byte[][] half = fair(2);
        for (byte[] row : half) {
            row[1] = -1;
        }
        assertThat(findings(noise(2), half))
                .anyMatch(f -> f.startsWith("1 of 2 labels is not known in any row (label2)"));
    }

    @Test
    void rows() {
        float[][] x = noise(3);
        byte[][] t = fair(3);
        x[50] = x[10].clone();
        x[51] = x[10].clone();
        t[51] = new byte[] {1, 1, 1};
        t[10] = new byte[] {1, 0, 0};
        t[50] = new byte[] {1, 0, 0};
        assertThat(findings(x, t))
                .hasSize(2)
                .anyMatch(f -> f.startsWith("2 of 200 rows repeat") && f.contains("together with groups"))
                .anyMatch(f -> f.startsWith("1 feature row occurs with more than one set of labels"));
    }

    @Test
    void columns() {
        float[][] x = noise(5);
        for (int i = 0; i < ROWS; i++) {
            x[i][0] = 3;
            x[i][1] *= 5000;
            x[i][2] = i == 4 ? Float.NaN : x[i][2];
        }
        assertThat(findings(x, fair(3)))
                .hasSize(3)
                .anyMatch(f -> f.startsWith("1 feature is the same in every row (feature1)"))
                .anyMatch(f -> f.startsWith("1 value of 1 feature is missing (feature3 1)"))
                .anyMatch(
                        f -> f.startsWith("features differ in scale by a factor of") && f.contains("(feature2 varies"));
        float[][] far = new float[2000][1];
        byte[][] some = new byte[2000][1];
        for (int i = 0; i < far.length; i++) {
            far[i][0] = (float) random.nextDouble();
            some[i][0] = (byte) (i % 2);
        }
        far[7][0] = 1e6f;
        assertThat(findings(far, some))
                .anyMatch(f -> f.startsWith("1 feature has values more than 30 standard deviations"));
        float[][] codes = new float[ROWS][6];
        for (float[] row : codes) {
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextInt(256);
            }
        }
        assertThat(findings(codes, fair(3)))
                .anyMatch(f -> f.contains("whole numbers from 0 to 255") && f.contains("keep scale standard"));
    }

    @Test
    void sequencesThatAreCut(@TempDir Path folder) throws IOException {
        Path fasta = Files.writeString(folder.resolve("a.fasta"), ">1|a\nACGTACGTAC\n>0|b\nACG\n>1|c\nACGTA\n");
        Dataset data = Datasets.read(
                fasta,
                LabelSelection.declared(),
                LabelSource.headerBits(List.of()),
                EncodingOptions.oneHot(null, 5, SequenceEncoding.Crop.START));
        Checkup c = Checkup.of(data);
        assertThat(c.lengths()).isEqualTo(new Checkup.Lengths(3, 5, 10, 5, 1));
        assertThat(texts(c))
                .anyMatch(f -> f.contains("cut to 5 positions: 1 of 3; the longest has 10 letters")
                        && f.contains("a larger length of training keeps more"));
    }

    /** The numbers of this file, counted independently. */
    @Test
    void realRepeats() {
        Path file = SharedData.file("rna-pseknc-other.arff");
        Checkup c = Checkup.of(Datasets.read(file, LabelSelection.xml(SharedData.file("rna-pseknc-other.xml"))));
        assertThat(c.repeated()).isEqualTo(140);
        assertThat(c.conflicting()).isEqualTo(88);
        assertThat(c.cardinality()).isBetween(1.2385, 1.2395);
    }
}
