package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.sequences.Alphabet;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.data.splits.Partition;
import org.lamella.evaluation.Calibration;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.LabelSets;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.training.CrossValidation;
import org.lamella.training.Trainer;
import org.lamella.training.TrainerTest;
import org.lamella.training.TrainingSettings;

class EnsembleTest {

    private static final int WIDTH = 5;
    private static final int LABELS = 3;
    private static final Dataset DATA = TrainerTest.random(150, WIDTH, LABELS, 1);
    private static final List<Model> MEMBERS = members();
    private static final DecisionRule RULE = DecisionRule.thresholds(new float[] {0.25f, 0.5f, 0.75f});
    private static final Ensemble ENSEMBLE = new Ensemble(MEMBERS, RULE);

    @TempDir
    Path folder;

    /** Three folds; the second has another network. Each has a scaling of its own. */
    private static List<Model> members() {
        List<Model> members = new ArrayList<>();
        for (Partition fold : CrossValidation.partitions(DATA.targets(), 3, 1, null)) {
            members.add(trained(DATA, fold, members.size() == 1));
        }
        return members;
    }

    private static Model trained(Dataset data, Partition rows, boolean linear) {
        return new Trainer(data, TrainingSettings.defaults().epochs(2), new CpuDevice(1))
                .network((Shape shape, Integer labels) -> network(shape, labels, linear))
                .partition(rows)
                .run()
                .model();
    }

    private static Network network(Shape shape, int labels, boolean linear) {
        return linear ? Zoo.linear(shape, labels) : Zoo.create("mlp-small", shape, labels);
    }

    /** The mean, computed here from the members one by one. */
    private static float[][] means(List<Model> members, Dataset data) {
        double[][] sums = new double[data.size()][LABELS];
        for (Model member : members) {
            try (Predictor p = member.open(new CpuDevice(1))) {
                float[][] own = p.run(data);
                for (int r = 0; r < own.length; r++) {
                    for (int l = 0; l < LABELS; l++) {
                        sums[r][l] += own[r][l];
                    }
                }
            }
        }
        float[][] means = new float[data.size()][LABELS];
        for (int r = 0; r < means.length; r++) {
            for (int l = 0; l < LABELS; l++) {
                means[r][l] = (float) (sums[r][l] / members.size());
            }
        }
        return means;
    }

    // ---- Predictions.

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 0})
    void aProbabilityIsTheMeanOfTheMembersOnEveryWay(int threads) {
        float[][] expected = means(MEMBERS, DATA);
        assertThat(expected[0]).as("members differ").isNotEqualTo(means(MEMBERS.subList(0, 1), DATA)[0]);
        try (Predictor p = ENSEMBLE.open(new CpuDevice(threads))) {
            assertThat(p.width()).isEqualTo(LABELS);
            assertThat(p.run(DATA)).isDeepEqualTo(expected);
            assertThat(p.predict(DATA.features())).isDeepEqualTo(expected);
            for (int r = 0; r < 20; r++) {
                assertThat(p.predict(DATA.features()[r])).containsExactly(expected[r]);
                assertThat(p.run(DATA, new int[] {r})[0]).containsExactly(expected[r]);
            }
            assertThat(p.predict(new float[0][])).isEmpty();
            assertThat(p.run(DATA, new int[] {7, 7, 3}))
                    .isDeepEqualTo(new float[][] {expected[7], expected[7], expected[3]});
        }
    }

    /** Shares and a calibration, and the deviation of the members, computed here one by one. */
    @Test
    void membersHaveSharesAndACalibration() {
        Calibration calibration = new Calibration(new float[] {0.5f, 1, 2}, new float[] {0.1f, -0.2f, 0});
        List<Vote> votes = List.of(new Vote(0.2, calibration), new Vote(0.3, null), new Vote(0.5, calibration));
        Ensemble mixed = new Ensemble(MEMBERS, RULE, votes, null);
        double[][] sums = new double[DATA.size()][LABELS];
        double[][] squares = new double[DATA.size()][LABELS];
        for (int m = 0; m < 3; m++) {
            try (Predictor p = MEMBERS.get(m).open(new CpuDevice(1))) {
                float[][] own = p.run(DATA);
                for (int r = 0; r < own.length; r++) {
                    for (int l = 0; l < LABELS; l++) {
                        double value = m == 1 ? own[r][l] : calibration.apply(l, own[r][l]);
                        sums[r][l] += votes.get(m).share() * value;
                        squares[r][l] += votes.get(m).share() * value * value;
                    }
                }
            }
        }
        try (Predictor p = mixed.open(new CpuDevice(2))) {
            float[][] found = p.run(DATA);
            Spread spread = p.spread(DATA);
            assertThat(spread.means()).isDeepEqualTo(found);
            for (int r = 0; r < found.length; r++) {
                assertThat(p.predict(DATA.features()[r])).containsExactly(found[r]);
                for (int l = 0; l < LABELS; l++) {
                    assertThat((double) found[r][l]).isCloseTo(sums[r][l], within(1e-6));
                    assertThat((double) spread.deviations()[r][l])
                            .isCloseTo(Math.sqrt(Math.max(0, squares[r][l] - sums[r][l] * sums[r][l])), within(1e-5));
                }
            }
        }
        try (Predictor p = MEMBERS.get(0).open(new CpuDevice(1))) {
            Spread alone = p.spread(DATA);
            assertThat(alone.means()).isDeepEqualTo(p.run(DATA));
            assertThat(alone.deviations()).isDeepEqualTo(new float[DATA.size()][LABELS]);
        }
    }

    @Test
    void sharesCalibrationAndLabelSetsAreKept() throws IOException {
        Calibration calibration = new Calibration(new float[] {0.5f, 1, 2}, new float[] {0.1f, -0.2f, 0});
        Ensemble mixed = new Ensemble(
                MEMBERS,
                RULE.atLeast(1),
                List.of(new Vote(0.25, calibration), new Vote(0.25, null), new Vote(0.5, null)),
                new LabelSets(0.9, new float[] {0.1f, 0.2f, 0}, new float[] {0.9f, 1, 0.3f}));
        mixed.save(folder);
        assertThat(Ensemble.load(folder)).isEqualTo(mixed).isNotEqualTo(ENSEMBLE);
        assertThat(mixed.withRule(RULE).sets()).isEqualTo(mixed.sets());
    }

    @Test
    void theModelsOfAFoldKeepTheirShares() {
        List<Model> six = new ArrayList<>(MEMBERS);
        six.addAll(MEMBERS);
        List<Vote> votes = new ArrayList<>(Collections.nCopies(3, new Vote(0.25, null)));
        votes.addAll(Collections.nCopies(3, new Vote(1 / 12.0, null)));
        Ensemble second = new Ensemble(six, RULE, votes, null).fold(1, 3);
        assertThat(second.members()).containsExactly(MEMBERS.get(1), MEMBERS.get(1));
        assertThat(second.votes().get(0).share()).isCloseTo(0.75, within(1e-9));
        assertThat(second.votes().get(1).share()).isCloseTo(0.25, within(1e-9));
        assertThatThrownBy(() -> ENSEMBLE.fold(0, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void votesThatDoNotFitAreRefused() {
        Vote third = new Vote(1 / 3.0, null);
        assertThatThrownBy(() -> new Ensemble(MEMBERS, RULE, List.of(third, third), null))
                .hasMessageContaining("as many votes");
        assertThatThrownBy(() -> new Ensemble(MEMBERS, RULE, List.of(third, third, new Vote(0.5, null)), null))
                .hasMessageContaining("sum 1");
        assertThatThrownBy(() -> new Vote(0, null)).isInstanceOf(IllegalArgumentException.class);
        Calibration other = new Calibration(new float[] {1, 1}, new float[2]);
        assertThatThrownBy(() -> new Ensemble(MEMBERS, RULE, List.of(third, third, new Vote(1 / 3.0, other)), null))
                .hasMessageContaining("slopes");
        LabelSets two = new LabelSets(0.9, new float[2], new float[2]);
        assertThatThrownBy(() -> ENSEMBLE.withSets(two)).hasMessageContaining("label sets");
    }

    /** More rows than one block of the predictor. */
    @Test
    void manyRowsAreComputedInBlocks() {
        Dataset many = TrainerTest.random(9_001, WIDTH, LABELS, 7);
        try (Predictor p = ENSEMBLE.open(new CpuDevice(2))) {
            assertThat(p.run(many)).isDeepEqualTo(means(MEMBERS, many));
        }
    }

    @Test
    void equalMembersGiveTheBitsOfOne() {
        Model one = MEMBERS.get(0);
        try (Predictor single = one.open(new CpuDevice(1));
                Predictor three = new Ensemble(Collections.nCopies(3, one), RULE).open(new CpuDevice(1));
                Predictor alone = new Ensemble(List.of(one), RULE).open(new CpuDevice(1))) {
            assertThat(three.run(DATA)).isDeepEqualTo(single.run(DATA));
            assertThat(alone.run(DATA)).isDeepEqualTo(single.run(DATA));
        }
    }

    @Test
    void sequencesArePredictedAsTheyAre() {
        SequenceEncoding encoding = new SequenceEncoding(Alphabet.NUCLEOTIDE, 20, SequenceEncoding.Crop.ENDS);
        Random random = new Random(3);
        List<String> letters = new ArrayList<>();
        float[][] features = new float[40][encoding.width()];
        byte[][] targets = new byte[40][2];
        for (int i = 0; i < features.length; i++) {
            StringBuilder s = new StringBuilder();
            for (int length = 5 + random.nextInt(30); length > 0; length--) {
                s.append("ACGU".charAt(random.nextInt(4)));
            }
            letters.add(s.toString());
            encoding.encode(s.toString(), features[i], 0);
            targets[i][i % 2] = 1;
        }
        Dataset data = new Dataset(
                "s", List.of(new FeatureColumn("sequence", encoding)), List.of("a", "b"), features, targets, letters);
        List<Model> members = new ArrayList<>();
        for (Partition fold : CrossValidation.partitions(targets, 2, 1, null)) {
            members.add(trained(data, fold, false));
        }
        try (Predictor p = new Ensemble(members, DecisionRule.fixed(2, 0.5f)).open(new CpuDevice(1))) {
            assertThat(p.predict(letters)).isDeepEqualTo(p.run(data));
            assertThat(p.predict(letters.get(3))).containsExactly(p.run(data)[3]);
        }
    }

    @Test
    void argumentsAreCheckedOnceForAllMembers() {
        try (Predictor p = ENSEMBLE.open(new CpuDevice(1))) {
            assertThatThrownBy(() -> p.predict(new float[WIDTH - 1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the row has 4 features, the model takes 5");
            float[] row = DATA.features()[0].clone();
            row[3] = Float.NEGATIVE_INFINITY;
            assertThatThrownBy(() -> p.predict(new float[][] {DATA.features()[1], row}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("row 2, column 4 (feature4) is -Infinity");
            assertThatThrownBy(() -> p.predict((float[]) null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> p.run(DATA, new int[] {150}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no row number 150");
            assertThatThrownBy(() -> p.predict("ACGT")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void fourThreadsGetNoWrongAnswerAndCloseWaits() throws Exception {
        float[][] right = means(MEMBERS, DATA);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        Predictor p = ENSEMBLE.open(new CpuDevice(2));
        try {
            List<Future<Integer>> wrong = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Random random = new Random(t);
                wrong.add(callers.submit(() -> wrongAnswers(p, right, random)));
            }
            for (Future<Integer> w : wrong) {
                assertThat(w.get()).isZero();
            }
        } finally {
            p.close();
            p.close();
            callers.shutdown();
        }
        assertThatThrownBy(() -> p.run(DATA)).hasMessage("this predictor is closed");
    }

    private static int wrongAnswers(Predictor p, float[][] right, Random random) {
        int wrong = 0;
        for (int done = 0; done < 1_000; done++) {
            if (random.nextInt(100) == 0) {
                int[] rows =
                        random.ints(1 + random.nextInt(90), 0, right.length).toArray();
                float[][] got = p.run(DATA, rows);
                for (int i = 0; i < rows.length; i++) {
                    wrong += Arrays.equals(got[i], right[rows[i]]) ? 0 : 1;
                }
            } else {
                int row = random.nextInt(right.length);
                wrong += Arrays.equals(p.predict(DATA.features()[row]), right[row]) ? 0 : 1;
            }
        }
        return wrong;
    }

    // ---- As a value.

    @Test
    void membersThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> new Ensemble(List.of(), RULE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an ensemble needs its members and its rule");
        assertThatThrownBy(() -> new Ensemble(Arrays.asList(MEMBERS.get(0), null), RULE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("member 2 of the ensemble is null");
        assertThatThrownBy(() -> new Ensemble(MEMBERS, DecisionRule.fixed(2, 0.5f)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an ensemble of 3 labels needs as many thresholds, got 2");
        assertThatThrownBy(() -> new Ensemble(List.of(MEMBERS.get(0), otherLabels(MEMBERS.get(1))), RULE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("member 2 of the ensemble has other labels than member 1");
        assertThatThrownBy(() -> new Ensemble(List.of(MEMBERS.get(0), otherColumns(MEMBERS.get(1))), RULE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("member 2 of the ensemble has other columns");
    }

    private static Model otherLabels(Model m) {
        return new Model(
                m.network(),
                List.of("label1", "label3", "label2"),
                m.columns(),
                m.format(),
                m.parameters(),
                m.statistics(),
                m.rule(),
                m.schema());
    }

    private static Model otherColumns(Model m) {
        List<FeatureColumn> columns = new ArrayList<>(m.columns());
        Collections.swap(columns, 0, 1);
        return new Model(
                m.network(), m.labels(), columns, m.format(), m.parameters(), m.statistics(), m.rule(), m.schema());
    }

    @Test
    void ensemblesAreEqualByTheirPartsAndSerializable() throws Exception {
        assertThat(new Ensemble(members(), RULE)).isEqualTo(ENSEMBLE).hasSameHashCodeAs(ENSEMBLE);
        assertThat(ENSEMBLE.withRule(DecisionRule.top(1))).isNotEqualTo(ENSEMBLE);
        assertThat(new Ensemble(MEMBERS.subList(0, 2), RULE)).isNotEqualTo(ENSEMBLE);
        assertThat(ENSEMBLE).hasToString("ensemble of 3 models, 3 labels");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(ENSEMBLE);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(ENSEMBLE);
        }
    }

    // ---- Files.

    @Test
    void comesBackFromItsFolderWhereverThatIsMoved() throws IOException {
        Path first = folder.resolve("first");
        ENSEMBLE.save(first);
        assertThat(Files.readString(first.resolve(Model.DESCRIPTION)))
                .contains("\"folder\" : \"member-1\"")
                .doesNotContain(folder.toString());
        Path moved = Files.move(first, folder.resolve("moved"));
        assertThat(Ensemble.load(moved)).isEqualTo(ENSEMBLE);
        assertThat(Classifier.load(moved)).isEqualTo(ENSEMBLE);
        assertThat(Classifier.load(moved.resolve("member-2"))).isEqualTo(MEMBERS.get(1));
        assertThat(Ensemble.memberFolders(moved)).containsExactly("member-1", "member-2", "member-3");
        assertThat(Ensemble.isIn(moved)).isTrue();
        assertThat(Ensemble.isIn(moved.resolve("member-1"))).isFalse();
        assertThatThrownBy(() -> Model.load(moved))
                .isInstanceOf(InputException.class)
                .hasMessage(moved + ": an ensemble of 3 models (member-1, member-2, member-3), where one model is "
                        + "expected; name one of them, as " + moved.resolve("member-1"));
        assertThatThrownBy(() -> Ensemble.load(moved.resolve("member-1")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("one model, where an ensemble is expected");
    }

    @Test
    void membersMayBeElsewhereRelativeToTheFolder() throws IOException {
        for (int m = 0; m < 3; m++) {
            MEMBERS.get(m).save(folder.resolve("run-" + m));
        }
        ENSEMBLE.saveDescription(folder.resolve("all"), List.of("../run-0", "../run-1", "../run-2"));
        assertThat(Ensemble.load(folder.resolve("all"))).isEqualTo(ENSEMBLE);
        assertThatThrownBy(() -> ENSEMBLE.saveDescription(folder, List.of("run-0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an ensemble of 3 members needs as many names, got 1");
        for (String wrong : List.of(folder.toString(), "", " ")) {
            assertThatThrownBy(() -> ENSEMBLE.saveDescription(folder, List.of("run-0", wrong, "run-2")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the folder of a member must be relative, got '" + wrong + "'");
        }
    }

    @Test
    void aMemberThatIsMissingOrDiffersIsRefusedInOneLine() throws IOException {
        ENSEMBLE.save(folder);
        Path second = folder.resolve("member-2");
        Path third = folder.resolve("member-3");

        Files.move(second, folder.resolve("kept"));
        refused(folder + ": an ensemble of 3 models, and member-2 is missing (there: member-1, member-3); restore it");
        MEMBERS.get(0).save(second);
        refused(second + ": its weights are not those with which this ensemble was made");
        otherLabels(MEMBERS.get(1)).save(second);
        refused(second + ": it has other labels than member-1");
        otherColumns(MEMBERS.get(1)).save(second);
        refused(second + ": it has other columns");
        ENSEMBLE.save(second); // an ensemble of ensembles
        refused(second + ": an ensemble of 3 models");
        MEMBERS.get(1).save(second);
        assertThat(Ensemble.load(folder)).isEqualTo(ENSEMBLE);
        Files.delete(third.resolve(Model.WEIGHTS));
        refused(third.resolve(Model.WEIGHTS) + ": no such file");
    }

    private void refused(String message) {
        assertThatThrownBy(() -> Classifier.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(message)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void aDamagedDescriptionIsRefusedInOneLine() throws IOException {
        ENSEMBLE.save(folder);
        Path file = folder.resolve(Model.DESCRIPTION);
        String text = Files.readString(file);
        damaged(file, text.replace("\"member-2\"", "\"/tmp/member-2\""), "must be relative, got '/tmp/member-2'");
        damaged(file, text.replaceFirst("\"folder\"", "\"other\""), "the field 'folder' is missing");
        damaged(file, text.replaceFirst("\"checksum\"", "\"other\""), "the field 'checksum' is missing");
        damaged(file, text.replace("\"decisions\"", "\"other\""), "the field 'decisions' is missing");
        damaged(file, text.replace("0.25, ", ""), "an ensemble of 3 labels needs as many thresholds, got 2");
        damaged(file, "{\"format\": 2, \"members\": []}", "it names no members");
        damaged(file, text.replace("\"format\" : 2", "\"format\" : 9"), "written by another version (format 9");
        damaged(file, text.substring(0, text.length() / 2), "damaged: ");
    }

    private void damaged(Path file, String text, String message) throws IOException {
        Files.writeString(file, text);
        assertThatThrownBy(() -> Classifier.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    /** As after a cross-validation that was stopped: the description of all is not there yet. */
    @Test
    void whatIsThereIsNamedIfTheDescriptionIsMissing() throws IOException {
        for (String name : List.of("fold-1", "fold-2", "fold-10")) {
            MEMBERS.get(0).save(folder.resolve(name));
        }
        assertThatThrownBy(() -> Classifier.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": no model.json; expected the folder of a trained model. There are models in its "
                        + "folders fold-1, fold-2, fold-10: if a cross-validation was stopped, continue it with "
                        + "resume; or name one of them, as " + folder.resolve("fold-1"));
    }
}
