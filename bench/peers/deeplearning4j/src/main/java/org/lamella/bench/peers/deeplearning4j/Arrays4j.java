package org.lamella.bench.peers.deeplearning4j;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays from Java values. */
final class Arrays4j {

    private Arrays4j() {}

    /** A copy of the values. */
    static INDArray of(float[] values, int... shape) {
        return Nd4j.create(values, Arrays.stream(shape).asLongStream().toArray(), 'c');
    }
}
