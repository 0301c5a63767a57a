package org.lamella.bench.peers.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.lamella.bench.peers.InitialValues;
import org.lamella.bench.peers.PeerTask;
import org.lamella.network.Network;
import org.lamella.network.Parameter;

/** Arrays from Java values. */
final class MxnetArrays {

    private MxnetArrays() {
    }

    /** Parameters and running statistics with their initial values. */
    static void initial(PeerTask task, Network network, NDManager manager, BiConsumer<Parameter, NDArray> receiver) {
        InitialValues.each(task, network, (p, values) ->
                receiver.accept(p, manager.create(values, new Shape(Arrays.stream(p.shape()).asLongStream().toArray()))));
    }

    /** A copy of a buffer. */
    static NDArray of(NDManager manager, FloatBuffer values, long... shape) {
        float[] copy = new float[values.capacity()];
        values.get(0, copy);
        return manager.create(copy, new Shape(shape));
    }
}
