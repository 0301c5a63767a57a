package org.lamella.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.network.Network;
import org.lamella.network.Shape;

/** What a plan depends on besides the network. */
class DeviceTraitsTest {

    private static final DeviceTraits GPU = new DeviceTraits(Processor.GPU, 128, 8, 208, 16);

    /** A convolution of 1 x 1 and a pool of one window; the processor of each plan that fuses them. */
    @ParameterizedTest
    @CsvSource({
        "4, 4, true, true",
        "1, 16, true, true",
        "1, 17, false, true",
        "15, 17, false, true",
        "16, 16, false, false"
    })
    void largeWindowsAreNotFused(int height, int width, boolean onGpu, boolean onCpu) {
        Network network = Network.builder(new Shape(1, height, width))
                .convolution(2, 1)
                .relu()
                .globalMaxPool()
                .flatten()
                .dense(1)
                .build();
        assertThat(fused(network, GPU)).isEqualTo(onGpu);
        assertThat(fused(network, DeviceTraits.CPU)).isEqualTo(onCpu);
    }

    private static boolean fused(Network network, DeviceTraits traits) {
        return Plan.of(network, PlanOptions.probabilities(3), traits).ops().stream()
                .filter(op -> op.kind() == OpKind.CONVOLUTION)
                .anyMatch(op -> op.work(ConvolutionWork.class).pooling() != null);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 256})
    void theArgmaxOfAWindowIsAByte(int window) {
        assertThatThrownBy(() -> new DeviceTraits(Processor.GPU, 1, 1, 1, window))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(window));
    }
}
