package org.lamella.cuda.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.network.Convolution;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;
import org.lamella.network.Shape;
import org.lamella.plan.Algorithm;
import org.lamella.plan.ConvolutionWork;

/** Which kernels compute the gradients of which convolutions behind a pool. */
class PooledShapeTest {

    @ParameterizedTest(name = "{0} channels, {1} x {2}, stride {3}, pool {4} x {5}")
    @CsvSource({
        // channels, filter, stride, pool; channels of a thread of the filter and of the data gradient, few channels
        "20, 5, 5, 1, 2, 2, 1, 1, false", // LeNet
        "64, 5, 5, 1, 2, 2, 1, 1, false",
        "1, 5, 5, 1, 2, 2, 0, 0, true",
        "8, 3, 3, 1, 2, 2, 0, 0, true",
        "9, 3, 3, 1, 2, 2, 1, 1, false",
        "64, 3, 3, 1, 2, 2, 2, 2, false",
        "64, 3, 3, 1, 3, 3, 1, 1, false", // 64 sums of a channel
        "64, 1, 7, 1, 1, 4, 2, 2, false", // seqcnn
        "4, 1, 11, 1, 1, 4, 0, 0, true",
        "64, 5, 5, 1, 3, 3, 0, 0, false", // 100 sums and 49 inputs do not fit
        "20, 7, 7, 1, 2, 2, 0, 0, false",
        "20, 1, 1, 1, 2, 2, 0, 0, false", // too little for a branch
        "20, 3, 3, 4, 2, 2, 1, 0, false", // the data gradient has inputs that no window reads
        "20, 3, 3, 1, 8, 8, 0, 0, false", // too much code
        "2, 3, 3, 1, 4, 4, 0, 0, false"
    })
    void tilesFitIntoRegisters(
            int channels, int h, int w, int stride, int poolH, int poolW, int filter, int data, boolean few) {
        PooledShape shape = new PooledShape(channels, new Convolution(20, h, w, stride, stride, 0, 0), poolH, poolW);
        assertThat(shape.filterGradientChannels()).isEqualTo(filter);
        assertThat(shape.dataGradientChannels()).isEqualTo(data);
        assertThat(shape.hasFewChannels()).isEqualTo(few);
    }

    @Test
    void aPoolOfOnePositionIsNone() {
        assertThat(PooledShape.of(work(null))).isNull();
        assertThat(PooledShape.of(work(pool(1)))).isNull();
        assertThat(PooledShape.of(work(pool(2)))).isNotNull();
    }

    private static Pooling pool(int size) {
        return new Pooling(PoolingKind.MAX, false, size, size, size, size, 0, 0);
    }

    private static ConvolutionWork work(Pooling pooling) {
        return new ConvolutionWork(
                new Convolution(20, 3, 3, 1, 1, 0, 0), new Shape(20, 9, 9), pooling, null, Algorithm.ARGMAX, 1);
    }
}
