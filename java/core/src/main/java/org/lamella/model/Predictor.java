package org.lamella.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.lamella.InterruptedWorkException;
import org.lamella.backend.ComputeDevice;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.rows.RowNumbers;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.work.Work;

/**
 * A model or an ensemble on a device, ready to run. Owns native memory: close it. Any number of threads may use it at
 * the same time; the same row gives the same values to the bit, alone or among others, on any thread. The values of an
 * ensemble are the weighted means of its members' calibrated values.
 *
 * <p>On a CPU, a call with a few rows runs on the calling thread alone, with a program of its own: waking other threads
 * would take longer than the work, and several callers run side by side. A call with more rows uses all threads of the
 * device; such calls, and all calls on a GPU, run one after the other.
 */
public final class Predictor implements AutoCloseable {

    /** Rows that all members compute before the next ones: the data is read once. */
    private static final int BLOCK = 4096;

    private final Classifier model;
    private final RowCheck check;
    private final List<Loaded> members = new ArrayList<>();
    private final List<Vote> votes;
    /** Equal shares count 1, and their sum is divided: so the mean of equal probabilities is that probability. */
    private final double[] weights;

    private final double sumOfWeights;
    /** One member's values are given as they are. */
    private final boolean single;

    private final int width;
    /** The values of a layer are given as they are: they may be looked at because they are not finite. */
    private final boolean values;

    private final @Nullable SequenceEncoding sequence;
    private final ReadWriteLock use = new ReentrantReadWriteLock();
    private boolean closed;

    Predictor(Classifier model, ComputeDevice device, @Nullable String layer, boolean values) {
        Objects.requireNonNull(device, "device");
        this.model = model;
        this.values = values;
        this.check = new RowCheck(model);
        this.sequence = sequence(model.columns());
        this.votes = model instanceof Ensemble e ? e.votes() : List.of(new Vote(1, null));
        boolean equal = model instanceof Ensemble e && e.isPlainMean();
        this.weights = votes.stream().mapToDouble(v -> equal ? 1 : v.share()).toArray();
        this.sumOfWeights = equal ? weights.length : 1;
        this.single = votes.size() == 1 && votes.get(0).calibration() == null;
        try {
            model.members().forEach(m -> members.add(new Loaded(m, device, layer, values)));
        } catch (RuntimeException e) {
            members.forEach(Loaded::close);
            throw e;
        }
        this.width = members.get(0).width();
    }

    /** The encoding of a model whose only column holds sequences; null for other models. */
    private static @Nullable SequenceEncoding sequence(List<FeatureColumn> columns) {
        return columns.size() == 1 ? columns.get(0).sequence() : null;
    }

    /** {@return the number of values per sample: labels, or units of the layer} */
    public int width() {
        return width;
    }

    // ---- Rows of numbers.

    /**
     * Predicts one row.
     *
     * @param row one value per feature of the model, in its order, as {@link Dataset#features()} has them: finite, not
     *     scaled, NaN where a value is missing
     * @return {@link #width()} values: probabilities from 0 to 1 in the order of {@link Classifier#labels()}, or a
     *     layer's values
     * @throws NullPointerException if the row is null
     * @throws IllegalArgumentException if the row is too short or too long, or a value is infinite or so large that the
     *     model's output is not finite
     * @throws IllegalStateException after close
     * @throws org.lamella.device.DeviceException if the device fails
     */
    public float[] predict(float[] row) {
        check.row(Objects.requireNonNull(row, "row"), "the row");
        float[] result = new float[width];
        use(() -> {
            if (single) {
                members.get(0).run(row, result);
                return;
            }
            double[] sum = new double[width];
            float[] own = new float[width];
            for (int m = 0; m < votes.size(); m++) {
                members.get(m).run(row, own);
                add(own, m, sum);
            }
            round(sum, result);
        });
        if (!values) {
            RowCheck.output(result, "the row");
        }
        return result;
    }

    /**
     * Predicts rows.
     *
     * @param rows each as in {@link #predict(float[])}; may be empty
     * @return rows x {@link #width()}, in the same order
     * @throws NullPointerException if the array is null
     * @throws IllegalArgumentException if a row is null, too short or too long, or a value is infinite or too large;
     *     the message names row and column, from 1; or if the model's output for a row is not finite
     * @throws IllegalStateException after close
     * @throws InterruptedWorkException if the thread is interrupted
     * @throws org.lamella.device.DeviceException if the device fails
     */
    public float[][] predict(float[][] rows) {
        check.rows(Objects.requireNonNull(rows, "rows"));
        Dataset data = new Dataset(
                "rows", model.columns(), List.of(), rows, new byte[rows.length][0], new RowNumbers(rows.length));
        return compute(data, data.rows());
    }

    // ---- Sequences.

    /**
     * Predicts one sequence, for a model that was trained on sequences. It is encoded as in training.
     *
     * @param letters the sequence, in upper or lower case
     * @return as {@link #predict(float[])}
     * @throws NullPointerException if the sequence is null
     * @throws IllegalArgumentException if a character is not a letter of the model's alphabet, or the sequence is too
     *     short for its encoding
     * @throws IllegalStateException if the model was not trained on sequences, or after close
     * @throws org.lamella.device.DeviceException if the device fails
     */
    public float[] predict(String letters) {
        return predict(encoded(letters));
    }

    private float[] encoded(String letters) {
        Objects.requireNonNull(letters, "letters");
        if (sequence == null) {
            throw new IllegalStateException(
                    "this model was trained on columns, not on sequences; give it its " + check.width() + " features");
        }
        if (letters.isEmpty()) {
            throw new IllegalArgumentException("the sequence is empty");
        }
        float[] row = new float[sequence.width()];
        sequence.encode(letters, row, 0);
        return row;
    }

    /**
     * Predicts sequences, for a model that was trained on sequences.
     *
     * @param sequences each as in {@link #predict(String)}; may be empty
     * @return sequences x {@link #width()}, in the same order
     * @throws NullPointerException if the list or a sequence is null
     * @throws IllegalArgumentException if a sequence cannot be used; the message has its number, from 1
     * @throws IllegalStateException if the model was not trained on sequences, or after close
     * @throws InterruptedWorkException if the thread is interrupted
     * @throws org.lamella.device.DeviceException if the device fails
     */
    public float[][] predict(List<String> sequences) {
        float[][] rows =
                new float[Objects.requireNonNull(sequences, "sequences").size()][];
        for (int i = 0; i < rows.length; i++) {
            try {
                rows[i] = encoded(Objects.requireNonNull(sequences.get(i), "sequence " + (i + 1)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("sequence " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return predict(rows);
    }

    // ---- Datasets.

    /**
     * Runs some rows of a dataset.
     *
     * @param data has the columns that the model was trained on, for example from {@link Classifier#read}; columns of
     *     arrays ({@link Dataset#of}) are known by their place
     * @param rows row numbers, from 0, in any order; may be empty
     * @return rows x {@link #width()}: probabilities from 0 to 1, or a layer's values
     * @throws NullPointerException if an argument is null
     * @throws InputException if the data has other columns
     * @throws IllegalArgumentException if there is no row of a number, or a value is infinite or too large
     * @throws IllegalStateException after close
     * @throws InterruptedWorkException if the thread is interrupted
     * @throws org.lamella.device.DeviceException if the device fails
     */
    public float[][] run(Dataset data, int[] rows) {
        check.rows(Objects.requireNonNull(data, "data"), Objects.requireNonNull(rows, "rows"));
        return compute(data, rows);
    }

    /**
     * Runs all rows of a dataset.
     *
     * @param data has the columns that the model was trained on
     * @return rows x {@link #width()}, in the dataset's order
     * @throws NullPointerException if the data is null
     * @throws InputException if the data has other columns
     * @throws IllegalArgumentException if a value is infinite or too large
     * @throws IllegalStateException after close
     * @throws InterruptedWorkException if the thread is interrupted
     * @throws org.lamella.device.DeviceException if the device fails
     */
    public float[][] run(Dataset data) {
        return run(data, Objects.requireNonNull(data, "data").rows());
    }

    private float[][] compute(Dataset data, int[] rows) {
        float[][] result = new float[rows.length][width];
        use(() -> {
            try (Work work = Work.begin("computing rows", (long) members.size() * rows.length, "row")) {
                if (single) {
                    members.get(0).run(data, rows, result, work);
                    return;
                }
                for (int first = 0; first < rows.length; first += BLOCK) {
                    int last = Math.min(first + BLOCK, rows.length);
                    means(data, Arrays.copyOfRange(rows, first, last), Arrays.copyOfRange(result, first, last), work);
                }
            }
        });
        if (!values) {
            RowCheck.outputs(result, rows);
        }
        return result;
    }

    /** The means of some rows. */
    private void means(Dataset data, int[] rows, float[][] result, Work work) {
        double[][] sums = new double[rows.length][width];
        for (int m = 0; m < votes.size(); m++) {
            members.get(m).run(data, rows, result, work);
            for (int i = 0; i < rows.length; i++) {
                add(result[i], m, sums[i]);
            }
        }
        for (int i = 0; i < rows.length; i++) {
            round(sums[i], result[i]);
        }
    }

    private void add(float[] own, int member, double[] sum) {
        for (int l = 0; l < sum.length; l++) {
            sum[l] += weights[member] * votes.get(member).calibrated(l, own[l]);
        }
    }

    private void round(double[] sum, float[] result) {
        for (int l = 0; l < sum.length; l++) {
            result[l] = (float) (sum[l] / sumOfWeights);
        }
    }

    /**
     * Runs all rows of a dataset, and tells how far the members of an ensemble are from each other: an uncertainty that
     * a probability alone does not show.
     *
     * @param data has the columns that the model was trained on
     * @return probabilities and deviations, rows x {@link #width()}
     * @throws NullPointerException if the data is null
     * @throws InputException if the data has other columns
     * @throws IllegalArgumentException if a value is infinite or too large
     * @throws IllegalStateException after close
     * @throws InterruptedWorkException if the thread is interrupted
     * @throws org.lamella.device.DeviceException if the device fails
     */
    public Spread spread(Dataset data) {
        int[] rows = Objects.requireNonNull(data, "data").rows();
        check.rows(data, rows);
        Spread spread = new Spread(new float[rows.length][width], new float[rows.length][width]);
        use(() -> {
            try (Work work = Work.begin("computing rows", (long) members.size() * rows.length, "row")) {
                for (int first = 0; first < rows.length; first += BLOCK) {
                    int last = Math.min(first + BLOCK, rows.length);
                    spread(data, Arrays.copyOfRange(rows, first, last), spread, first, work);
                }
            }
        });
        if (!values) {
            RowCheck.outputs(spread.means(), rows);
        }
        return spread;
    }

    private void spread(Dataset data, int[] rows, Spread to, int first, Work work) {
        float[][][] each = new float[members.size()][rows.length][width];
        for (int m = 0; m < each.length; m++) {
            members.get(m).run(data, rows, each[m], work);
        }
        for (int i = 0; i < rows.length; i++) {
            for (int l = 0; l < width; l++) {
                double mean = mean(each, i, l);
                to.means()[first + i][l] = single ? each[0][i][l] : (float) mean;
                to.deviations()[first + i][l] = (float) deviation(each, i, l, mean);
            }
        }
    }

    private double mean(float[][][] each, int row, int label) {
        double mean = 0;
        for (int m = 0; m < each.length; m++) {
            mean += weights[m] * votes.get(m).calibrated(label, each[m][row][label]);
        }
        return mean / sumOfWeights;
    }

    private double deviation(float[][][] each, int row, int label, double mean) {
        double variance = 0;
        for (int m = 0; m < each.length; m++) {
            double difference = votes.get(m).calibrated(label, each[m][row][label]) - mean;
            variance += weights[m] * difference * difference;
        }
        return each.length == 1 ? 0 : Math.sqrt(variance / sumOfWeights);
    }

    // ---- Use and close.

    private void use(Runnable work) {
        Lock using = use.readLock();
        using.lock();
        try {
            if (closed) {
                throw new IllegalStateException("this predictor is closed");
            }
            work.run();
        } finally {
            using.unlock();
        }
    }

    /** Waits for the calls that run, and frees the memory. Closing again does nothing. */
    @Override
    public void close() {
        Lock alone = use.writeLock();
        alone.lock();
        try {
            if (!closed) {
                closed = true;
                members.forEach(Loaded::close);
            }
        } finally {
            alone.unlock();
        }
    }
}
