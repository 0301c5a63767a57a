package org.lamella.bench.peers.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lamella.bench.peers.InitialValues;
import org.lamella.bench.peers.PeerTask;
import org.lamella.network.Network;

/**
 * Parameters and running statistics with their initial values.
 *
 * @param all by name
 * @param learned those that the optimizer updates; they have gradients
 */
record MxnetParameters(Map<String, NDArray> all, Map<String, NDArray> learned) {

    static MxnetParameters of(PeerTask task, Network network, NDManager manager) {
        MxnetParameters parameters = new MxnetParameters(new HashMap<>(), new LinkedHashMap<>());
        InitialValues.each(task, network, (p, values) -> {
            NDArray array = array(manager, values, p.shape());
            parameters.all.put(p.name(), array);
            if (!p.running()) {
                array.setRequiresGradient(true);
                parameters.learned.put(p.name(), array);
            }
        });
        return parameters;
    }

    /** An array with these values. */
    static NDArray array(NDManager manager, float[] values, int... shape) {
        return manager.create(
                values, new Shape(Arrays.stream(shape).asLongStream().toArray()));
    }
}
