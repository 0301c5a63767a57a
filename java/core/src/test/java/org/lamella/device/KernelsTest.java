package org.lamella.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.cpu.CpuDevice;

class KernelsTest {

    @Property
    void textFormCanBeParsedAgain(
            @ForAll Kernels.Maker forward, @ForAll Kernels.Maker filter, @ForAll Kernels.Maker data) {
        Kernels kernels = new Kernels(forward, filter, data);
        assertThat(Kernels.of(kernels.toString())).isEqualTo(kernels);
        assertThat(kernels.of(Kernels.Pass.FILTER)).isEqualTo(filter);
    }

    @Test
    void unnamedPassesAreAuto() {
        assertThat(Kernels.of("own")).isEqualTo(Kernels.OWN);
        assertThat(Kernels.of("data=cudnn"))
                .isEqualTo(new Kernels(Kernels.Maker.AUTO, Kernels.Maker.AUTO, Kernels.Maker.CUDNN));
        assertThat(Kernels.of("data=cudnn,forward=own")).hasToString("forward=own,filter=auto,data=cudnn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nice",
                "Own",
                "forward",
                "forward=",
                "forward=nice",
                "backward=own",
                "forward=own,",
                "forward=own=own",
                "forward=own,forward=own",
                ",data=own"
            })
    void invalidTextIsRefused(String text) {
        assertThatThrownBy(() -> Kernels.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("auto, own")
                .hasMessageContaining("cudnn");
    }

    @Test
    void cpuRefusesCudnn() {
        assertThatThrownBy(() -> new CpuDevice().with(Kernels.of("filter=cudnn")))
                .hasMessageContaining("cuDNN runs on GPUs only, cpu is not a GPU");
        assertThat(new CpuDevice().with(Kernels.of("filter=own")).name()).isEqualTo("cpu");
    }
}
