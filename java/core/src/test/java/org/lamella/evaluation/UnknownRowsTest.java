package org.lamella.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lamella.data.Dataset;
import org.lamella.evaluation.analysis.Bootstrap;
import org.lamella.evaluation.analysis.Detail;
import org.lamella.evaluation.analysis.Diagnosis;
import org.lamella.evaluation.analysis.MajorityBaseline;
import org.lamella.evaluation.analysis.Predictions;
import org.lamella.evaluation.analysis.ThresholdTuning;
import org.lamella.evaluation.analysis.Trained;
import org.lamella.json.Json;

/** Rows of which no label is known change no result. */
class UnknownRowsTest {

    /** Metrics, intervals, charts, thresholds and the majority are the same with and without such rows. */
    @Property(tries = 60)
    void changeNothing(
            @ForAll @IntRange(min = 1, max = 40) int rows,
            @ForAll @IntRange(min = 1, max = 5) int labels,
            @ForAll @IntRange(min = 1, max = 40) int unknown,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<float[]> p = new ArrayList<>();
        List<byte[]> t = new ArrayList<>();
        for (int n = 0; n < rows; n++) {
            p.add(probabilities(random, labels));
            byte[] target = new byte[labels];
            for (int l = 0; l < labels; l++) {
                target[l] = (byte) (random.nextInt(3) - 1);
            }
            target[random.nextInt(labels)] = (byte) random.nextInt(2);
            t.add(target);
        }
        List<float[]> allP = new ArrayList<>(p);
        List<byte[]> allT = new ArrayList<>(t);
        for (int n = 0; n < unknown; n++) {
            int at = random.nextInt(allP.size() + 1);
            byte[] target = new byte[labels];
            Arrays.fill(target, (byte) -1);
            allP.add(at, probabilities(random, labels));
            allT.add(at, target);
        }
        float[][] few = p.toArray(float[][]::new);
        float[][] all = allP.toArray(float[][]::new);
        byte[][] fewT = t.toArray(byte[][]::new);
        byte[][] allTs = allT.toArray(byte[][]::new);
        for (DecisionRule rule :
                List.of(DecisionRule.fixed(labels, 0.5f), DecisionRule.largestGap(), DecisionRule.top(1))) {
            assertThat(Metrics.of(all, allTs, rule)).isEqualTo(Metrics.of(few, fewT, rule));
            assertThat(new Bootstrap(allTs, EmptyRows.SKIP, 3).intervals(new Predictions(all, rule)))
                    .isEqualTo(new Bootstrap(fewT, EmptyRows.SKIP, 3).intervals(new Predictions(few, rule)));
            assertThat(json(Detail.of(new Predictions(all, rule), allTs)))
                    .isEqualTo(json(Detail.of(new Predictions(few, rule), fewT)));
        }
        float[] frequency = probabilities(random, labels);
        List<String> names = Arrays.asList("a", "b", "c", "d", "e").subList(0, labels);
        for (String method : List.of("cardinality", "pcut", "scut")) {
            assertThat(ThresholdTuning.tune(DecisionMethod.parse(method), names, all, allTs, frequency))
                    .usingRecursiveComparison()
                    .isEqualTo(ThresholdTuning.tune(DecisionMethod.parse(method), names, few, fewT, frequency));
        }
        Dataset with = Dataset.of(all, allTs);
        Dataset without = Dataset.of(few, fewT);
        assertThat(MajorityBaseline.frequencies(with, with.rows()))
                .containsExactly(MajorityBaseline.frequencies(without, without.rows()));
        assertThat(with.labelled().targets()).isDeepEqualTo(fewT);
    }

    private static String json(Object value) {
        return Json.mapper().valueToTree(value).toString();
    }

    private static float[] probabilities(SplittableRandom random, int labels) {
        float[] p = new float[labels];
        for (int l = 0; l < labels; l++) {
            p[l] = (float) random.nextDouble();
        }
        return p;
    }

    /** Ten rows that are all wrong and thirty that are not known: nothing is right. */
    @Test
    void allWrongIsNotThreeQuartersRight() {
        float[][] p = new float[40][2];
        byte[][] t = new byte[40][];
        for (int n = 0; n < 40; n++) {
            p[n] = new float[] {0.9f, 0.1f};
            t[n] = n < 10 ? new byte[] {0, 1} : new byte[] {-1, -1};
        }
        Metrics m = Metrics.of(p, t);
        assertThat(m.subsetAccuracy()).isZero();
        assertThat(m.hammingLoss()).isEqualTo(1);
        assertThat(m.sets().exampleJaccard()).isZero();
        assertThat(m.samples()).isEqualTo(10);
    }

    @Test
    void labelsWithoutAPositiveAreLeftOutAndNotTooRare() {
        float[][] p = {{0.9f, 0.2f, 0.1f}, {0.2f, 0.1f, 0.1f}};
        byte[][] t = {{1, 0, 1}, {0, 0, 0}};
        assertThat(Diagnosis.of(
                        DecisionRule.fixed(3, 0.5f).decide(p),
                        t,
                        List.of("a", "b", "c"),
                        Trained.of(DecisionRule.fixed(3, 0.5f)),
                        Metrics.of(p, t),
                        null))
                .extracting(f -> f.text())
                .satisfiesExactly(
                        f -> assertThat(f)
                                .contains("1 of 3 labels has no positive among the 2 rows measured (b)")
                                .contains("macro averages leave it out"),
                        f -> assertThat(f).contains("1 of 3 labels is never predicted (c)"),
                        f -> assertThat(f).contains("1 of 2 rows has no label: ranking metrics leave such rows out"));
    }
}
