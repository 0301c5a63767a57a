package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.LamellaException;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.sequences.Alphabet;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.device.DeviceException;
import org.lamella.device.OutOfMemoryException;
import org.lamella.evaluation.DecisionRule;
import org.lamella.network.Zoo;
import org.lamella.text.Wording;
import org.lamella.training.Trainer;
import org.lamella.training.TrainerTest;
import org.lamella.training.TrainingSettings;

class PredictorTest {

    private static final int WIDTH = 7;
    /** Answers per thread; {@code -Dlamella.answers=250000} for a million in all. */
    private static final int ANSWERS = Integer.getInteger("lamella.answers", 5_000);

    @TempDir
    Path folder;

    private static Model model(Dataset d) {
        return new Trainer(d, TrainingSettings.defaults().epochs(2), new CpuDevice(1))
                .run()
                .model();
    }

    private static final Dataset DATA = TrainerTest.random(200, WIDTH, 3, 1);
    private static final Model MODEL = model(DATA);

    /** A model of sequences of 150 positions, with its rows. */
    private record Sequences(Model model, List<String> letters, Dataset rows) {

        static Sequences random(int count) {
            Random random = new Random(5);
            SequenceEncoding encoding = new SequenceEncoding(Alphabet.NUCLEOTIDE, 150, SequenceEncoding.Crop.ENDS);
            float[][] features = new float[count][encoding.width()];
            byte[][] targets = new byte[count][2];
            List<String> letters = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                StringBuilder s = new StringBuilder();
                for (int length = 10 + random.nextInt(200); length > 0; length--) {
                    s.append("ACGU".charAt(random.nextInt(4)));
                }
                letters.add(s.toString());
                encoding.encode(s.toString(), features[i], 0);
                targets[i][i % 2] = 1;
            }
            Dataset d = new Dataset(
                    "sequences",
                    List.of(new FeatureColumn("sequence", encoding)),
                    List.of("a", "b"),
                    features,
                    targets,
                    letters);
            return new Sequences(PredictorTest.model(d), letters, d);
        }
    }

    // ---- The same values on every way.

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 0})
    void aRowGivesTheSameBitsAloneAndAmongOthers(int threads) {
        try (Predictor p = MODEL.open(new CpuDevice(threads))) {
            float[][] all = p.run(DATA);
            assertThat(p.predict(DATA.features())).isDeepEqualTo(all);
            for (int r = 0; r < DATA.size(); r++) {
                assertThat(p.predict(DATA.features()[r])).containsExactly(all[r]);
                assertThat(p.run(DATA, new int[] {r})[0]).containsExactly(all[r]);
            }
            assertThat(p.predict(new float[0][])).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "seqcnn", "seqcnn-short"})
    void aSequenceGivesTheSameAsItsRow(String network) {
        Sequences s = Sequences.random(60);
        Model model = new Trainer(s.rows(), TrainingSettings.defaults().epochs(1), new CpuDevice(1))
                .network((shape, labels) -> Zoo.create(network, shape, labels))
                .input(s.rows().columns().get(0).sequence().shape(), false)
                .run()
                .model();
        try (Predictor p = model.open(new CpuDevice(2))) {
            float[][] all = p.run(s.rows());
            assertThat(p.predict(s.letters())).isDeepEqualTo(all);
            for (int r = 0; r < all.length; r++) {
                assertThat(p.predict(s.letters().get(r))).containsExactly(all[r]);
            }
            assertThatThrownBy(() -> p.predict("ACGT!"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'!' at position 5");
            assertThatThrownBy(() -> p.predict(List.of("ACGT", "AC1")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("sequence 2: '1' at position 3");
            assertThatThrownBy(() -> p.predict("")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Property(tries = 40)
    void aRowThatIsTooShortOrTooLongIsRefusedAndLeavesNothing(
            @ForAll @IntRange(max = 20) int length, @ForAll @IntRange(max = 199) int before) {
        try (Predictor p = MODEL.open(new CpuDevice(1))) {
            float[] expected = p.predict(DATA.features()[0]);
            p.predict(DATA.features()[before]);
            float[] row = Arrays.copyOf(DATA.features()[0], length);
            if (length == WIDTH) {
                assertThat(p.predict(row)).containsExactly(expected);
            } else {
                String refusal = "has " + Wording.count(length, "feature") + ", the model takes " + WIDTH;
                assertThatThrownBy(() -> p.predict(row))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("the row " + refusal);
                assertThatThrownBy(() -> p.predict(new float[][] {DATA.features()[1], row}))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("row 2 " + refusal);
                assertThat(p.predict(DATA.features()[0])).containsExactly(expected);
            }
        }
    }

    @Test
    void arraysThatChangedAfterTheyBecameADatasetAreRefused() {
        Dataset d = TrainerTest.random(5, WIDTH, 3, 2);
        d.features()[3] = new float[] {1};
        try (Predictor p = MODEL.open(new CpuDevice(1))) {
            assertThatThrownBy(() -> p.run(d))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("row 4 has 1 feature, the model takes 7");
        }
    }

    @Test
    void valuesAndRowsThatCannotBeUsedAreRefused() {
        try (Predictor p = MODEL.open(new CpuDevice(1))) {
            float[] row = DATA.features()[0].clone();
            row[2] = Float.POSITIVE_INFINITY;
            assertThatThrownBy(() -> p.predict(row))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the row, column 3 (feature3) is Infinity");
            row[2] = Float.MAX_VALUE;
            assertThatThrownBy(() -> p.predict(new float[][] {row}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("row 1, column 3 (feature3)")
                    .hasMessageContaining("too large");
            row[2] = Float.NaN;
            float[] filled = row.clone();
            filled[2] = MODEL.format().scaling().fill()[2];
            assertThat(p.predict(row)).containsExactly(p.predict(filled));
            assertThatThrownBy(() -> p.predict((float[]) null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> p.predict(new float[][] {row, null}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("row 2 is null");
            assertThatThrownBy(() -> p.run(DATA, new int[] {0, 200}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no row number 200");
            assertThatThrownBy(() -> p.predict("ACGT")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void columnsInAnotherOrderAreRefused() {
        Dataset ab = named("a", "b");
        try (Predictor p = model(ab).open(new CpuDevice(1))) {
            assertThat(p.run(ab)).hasNumberOfRows(4);
            assertThatThrownBy(() -> p.run(named("b", "a")))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("column 1 is 'b', the model has 'a' there");
            assertThat(p.run(Dataset.of(ab.features(), new byte[4][0]))).isDeepEqualTo(p.run(ab));
        }
    }

    private static Dataset named(String first, String second) {
        return new Dataset(
                "t",
                List.of(new FeatureColumn(first, List.of()), new FeatureColumn(second, List.of())),
                List.of("l"),
                new float[][] {{1, 2}, {3, 4}, {5, 1}, {2, 2}},
                new byte[][] {{0}, {1}, {0}, {1}},
                List.of("1", "2", "3", "4"));
    }

    // ---- Threads.

    @ParameterizedTest
    @ValueSource(ints = {1, 0})
    void fourThreadsGetNoWrongAnswer(int threads) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try (Predictor p = MODEL.open(new CpuDevice(threads))) {
            float[][] right = p.run(DATA);
            List<Future<Integer>> wrong = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int caller = t;
                Callable<Integer> work = () -> wrongAnswers(p, right, new Random(caller));
                wrong.add(callers.submit(work));
            }
            for (Future<Integer> w : wrong) {
                assertThat(w.get()).isZero();
            }
        } finally {
            callers.shutdown();
        }
    }

    /** Single rows, and now and then a call with many. */
    private static int wrongAnswers(Predictor p, float[][] right, Random random) {
        int wrong = 0;
        for (int done = 0; done < ANSWERS; ) {
            if (random.nextInt(500) == 0) {
                int[] rows =
                        random.ints(1 + random.nextInt(150), 0, right.length).toArray();
                float[][] got = p.run(DATA, rows);
                for (int i = 0; i < rows.length; i++) {
                    wrong += Arrays.equals(got[i], right[rows[i]]) ? 0 : 1;
                }
                done += rows.length;
            } else {
                int row = random.nextInt(right.length);
                wrong += Arrays.equals(p.predict(DATA.features()[row]), right[row]) ? 0 : 1;
                done++;
            }
        }
        return wrong;
    }

    @Test
    void closeWaitsForCallsAndIsFinal() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(4);
        Predictor p = MODEL.open(new CpuDevice(2));
        float[][] right = p.run(DATA);
        List<Future<Integer>> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            all.add(callers.submit(() -> {
                for (int answers = 0; ; answers++) {
                    try {
                        assertThat(p.predict(DATA.features()[answers % 200])).containsExactly(right[answers % 200]);
                    } catch (IllegalStateException e) {
                        assertThat(e).hasMessage("this predictor is closed");
                        return answers;
                    }
                }
            }));
        }
        Thread.sleep(50);
        p.close();
        p.close();
        for (Future<Integer> f : all) {
            assertThat(f.get()).isNotNegative();
        }
        callers.shutdown();
        assertThatThrownBy(() -> p.run(DATA)).hasMessage("this predictor is closed");
    }

    // ---- Models as values.

    @Test
    void modelsAreEqualByTheirPartsAndSerializable() throws Exception {
        MODEL.save(folder);
        Model loaded = Model.load(folder);
        assertThat(loaded).isEqualTo(MODEL).hasSameHashCodeAs(MODEL).isNotSameAs(MODEL);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(MODEL);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(MODEL);
        }
        assertThat(MODEL.withRule(DecisionRule.fixed(3, 0.25f))).isNotEqualTo(MODEL);
        float[] other = MODEL.parameters().clone();
        other[5] += 1;
        assertThat(new Model(
                        MODEL.network(),
                        MODEL.labels(),
                        MODEL.columns(),
                        MODEL.format(),
                        other,
                        MODEL.statistics(),
                        MODEL.rule(),
                        MODEL.schema()))
                .isNotEqualTo(MODEL);
        assertThatThrownBy(() -> new Model(
                        MODEL.network(),
                        List.of("one"),
                        MODEL.columns(),
                        MODEL.format(),
                        MODEL.parameters(),
                        MODEL.statistics(),
                        MODEL.rule(),
                        MODEL.schema()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a model has 1 labels, it needs 3");
    }

    @Test
    void aModelFileWithoutAFieldIsRefusedInOneLine() throws IOException {
        MODEL.save(folder);
        Path file = folder.resolve(Model.DESCRIPTION);
        String text = java.nio.file.Files.readString(file);
        for (String field : List.of("labels", "columns", "input", "network")) {
            java.nio.file.Files.writeString(file, text.replace("\"" + field + "\" :", "\"other\" :"));
            assertThatThrownBy(() -> Model.load(folder))
                    .as(field)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("damaged");
        }
    }

    @Test
    void oneParentForAllExceptionsOfTheEngine() {
        assertThat(List.of(
                        new InputException("a"),
                        new DeviceException("b"),
                        new OutOfMemoryException("c"),
                        new org.lamella.InterruptedWorkException("d", null)))
                .allMatch(LamellaException.class::isInstance);
    }

    /** Finite values may overflow between the layers; NaN would be "not given" in every decision. */
    @Test
    void anOutputThatIsNoNumberIsRefused() {
        int refused = 0;
        try (Predictor p = MODEL.open(new CpuDevice(1))) {
            for (int power = 30; power <= 38; power++) {
                float[] row = new float[WIDTH];
                Arrays.fill(row, Float.parseFloat("1e" + power));
                row[0] = -row[0];
                try {
                    for (float value : p.predict(row)) {
                        assertThat(value).isBetween(0f, 1f);
                    }
                } catch (IllegalArgumentException e) {
                    refused++;
                    assertThat(e).hasMessageStartingWith("the row");
                    assertThatThrownBy(() -> p.predict(new float[][] {new float[WIDTH], row}))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageStartingWith("row 2");
                }
            }
            float[] parameters = MODEL.parameters().clone();
            Arrays.fill(parameters, Float.NaN);
            Model broken = new Model(
                    MODEL.network(),
                    MODEL.labels(),
                    MODEL.columns(),
                    MODEL.format(),
                    parameters,
                    MODEL.statistics(),
                    MODEL.rule(),
                    null);
            try (Predictor q = broken.open(new CpuDevice(1))) {
                assertThatThrownBy(() -> q.predict(new float[WIDTH]))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("the model's output is NaN");
                assertThatThrownBy(() -> q.run(DATA, new int[] {4, 2}))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("row 5: the model's output is NaN");
            }
        }
        assertThat(refused).isPositive();
    }
}
