package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lamella.text.Wording;

class DatasetTest {

    private static void refused(float[][] features, byte[][] targets, String message) {
        assertThatThrownBy(() -> Dataset.of(features, targets))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Property(tries = 50)
    void aTargetThatIsNoLabelIsRefusedWithItsPlace(
            @ForAll byte value, @ForAll @IntRange(max = 3) int row, @ForAll @IntRange(max = 2) int label) {
        byte[][] targets = new byte[4][3];
        targets[row][label] = value;
        if (value >= -1 && value <= 1) {
            assertThat(Dataset.of(new float[4][2], targets).size()).isEqualTo(4);
        } else {
            refused(
                    new float[4][2],
                    targets,
                    "row " + (row + 1) + ", label " + (label + 1) + " (label" + (label + 1) + ") is " + value);
        }
    }

    @Property(tries = 50)
    void aRaggedArrayIsRefusedWithItsRow(
            @ForAll @IntRange(max = 6) int length, @ForAll @IntRange(min = 1, max = 3) int row) {
        float[][] features = new float[4][3];
        byte[][] targets = new byte[4][3];
        features[row] = new float[length];
        if (length != 3) {
            refused(
                    features,
                    targets,
                    "row " + (row + 1) + " has " + Wording.count(length, "feature") + ", the columns have 3");
        }
        features[row] = new float[3];
        targets[row] = new byte[length];
        if (length != 3) {
            refused(
                    features,
                    targets,
                    "row " + (row + 1) + " has " + Wording.count(length, "target") + ", the data has 3 labels");
        }
    }

    @Test
    void infiniteAndMissingValues() {
        float[][] features = {{0, 1}, {2, Float.NaN}};
        assertThat(Dataset.of(features, new byte[2][1]).size()).isEqualTo(2);
        features[1][0] = Float.NEGATIVE_INFINITY;
        refused(features, new byte[2][1], "row 2, column 1 (feature1) is -Infinity");
        features[1] = null;
        refused(features, new byte[2][1], "row 2 of the features is null");
        refused(new float[2][1], new byte[][] {{1}, null}, "row 2 of the targets is null");
        refused(new float[2][1], new byte[3][1], "as many targets and ids as rows");
        assertThatThrownBy(() -> Dataset.of(null, new byte[0][0])).isInstanceOf(NullPointerException.class);
    }

    @Test
    void twoLabelsOfOneNameAreRefused() {
        assertThatThrownBy(() -> new Dataset(
                        "t",
                        List.of(new FeatureColumn("a", List.of())),
                        List.of("l", "l"),
                        new float[1][1],
                        new byte[1][2],
                        List.of("x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two labels are called 'l'");
    }

    @Test
    void aRowIsNamedByItsIdentifierToo() {
        assertThatThrownBy(() -> new Dataset(
                        "t",
                        List.of(new FeatureColumn("a", List.of())),
                        List.of("l"),
                        new float[1][2],
                        new byte[1][1],
                        List.of("BRCA1")))
                .hasMessage("row 1 (BRCA1) has 2 features, the columns have 1");
    }
}
