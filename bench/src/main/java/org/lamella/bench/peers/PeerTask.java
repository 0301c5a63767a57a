package org.lamella.bench.peers;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.lamella.data.batches.Batch;
import org.lamella.network.Network;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;

/**
 * The work of every engine in a comparison: one network, one batch of data, one optimizer, the same initial weights.
 * All of it is determined by these few values, so each engine's process can generate it.
 *
 * @param net name of a network of the zoo
 * @param input shape of one sample
 * @param labels outputs
 * @param batch samples per step
 * @param threads worker threads
 */
public record PeerTask(String net, Shape input, int labels, int batch, int threads) {

    /** Learning rate of SGD; every network of the zoo learns with these values. */
    public static final double RATE = 0.01;
    /** Momentum. */
    public static final double MOMENTUM = 0.9;
    /** Weight decay. It is 0, because some engines would apply it to biases too. */
    public static final double DECAY = 0;

    private static final long SEED = 20;

    /**
     * Reads {@link #arguments()}.
     *
     * @param arguments of an engine's process
     * @return the task
     */
    public static PeerTask parse(String[] arguments) {
        return new PeerTask(
                arguments[0],
                Shape.parse(arguments[1]),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]),
                Integer.parseInt(arguments[4]));
    }

    /** {@return the task as command-line arguments of an engine's process} */
    public String[] arguments() {
        return new String[] {
            net, input.toString(), String.valueOf(labels), String.valueOf(batch), String.valueOf(threads)
        };
    }

    /** {@return the network} */
    public Network network() {
        return Zoo.create(net, input, labels);
    }

    /**
     * Initial parameters: He et al. 2015, uniform; scales 1; biases 0.
     *
     * @param network has the parameters
     * @return their values in the order of {@link Network#parameters()}
     */
    public float[] parameters(Network network) {
        float[] values = new float[Math.toIntExact(network.parameterCount())];
        SplittableRandom random = new SplittableRandom(SEED);
        for (Parameter p : network.parameters()) {
            double bound = Math.sqrt(3.0 / p.fanIn());
            for (long i = p.offset(); i < p.offset() + p.count(); i++) {
                values[(int) i] = switch (p.role()) {
                    case WEIGHT -> (float) (bound * (2 * random.nextDouble() - 1));
                    case SCALE -> 1;
                    default -> 0;
                };
            }
        }
        return values;
    }

    /** {@return dimensions of the batch: samples x channels for vectors, else samples x channels x height x width} */
    public int[] batchShape() {
        return input.height() == 1 && input.width() == 1
                ? new int[] {batch, input.channels()}
                : new int[] {batch, input.channels(), input.height(), input.width()};
    }

    /**
     * Copies a buffer, for engines that take arrays.
     *
     * @param buffer of floats
     * @return its values
     */
    public static float[] array(FloatBuffer buffer) {
        float[] values = new float[buffer.capacity()];
        buffer.get(0, values);
        return values;
    }

    /** {@return one batch: random one-hot letters for four channels of height 1, else uniform values of variance 1} */
    public FloatBuffer samples() {
        SplittableRandom random = new SplittableRandom(SEED + 1);
        int elements = input.elements();
        FloatBuffer x = Batch.floats((long) batch * elements);
        boolean sequence = input.channels() == 4 && input.height() == 1;
        for (int n = 0; n < batch; n++) {
            if (sequence) {
                for (int i = 0; i < input.width(); i++) {
                    x.put(n * elements + random.nextInt(4) * input.width() + i, 1);
                }
            } else {
                for (int i = 0; i < elements; i++) {
                    x.put(n * elements + i, (float) ((2 * random.nextDouble() - 1) * Math.sqrt(3)));
                }
            }
        }
        return x;
    }

    /** {@return targets: each label is positive with probability 0.3} */
    public FloatBuffer targets() {
        SplittableRandom random = new SplittableRandom(SEED + 2);
        FloatBuffer t = Batch.floats((long) batch * labels);
        for (int i = 0; i < batch * labels; i++) {
            t.put(i, random.nextDouble() < 0.3 ? 1 : 0);
        }
        return t;
    }
}
