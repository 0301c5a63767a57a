package org.lamella.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without the CUDA module on the class path. */
class DevicesTest {

    @ParameterizedTest
    @ValueSource(strings = {"cuda", "cuda:0", "cuda:0,1"})
    void aGpuWithoutItsArtifactIsRefusedWithTheArtifact(String name) {
        assertThatThrownBy(() -> Devices.choose(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("device " + name)
                .hasMessageContaining("add the artifact org.lamella:lamella-cuda");
    }

    @Test
    void otherNames() {
        assertThat(Devices.choose("auto").name()).isEqualTo("cpu");
        assertThatThrownBy(() -> Devices.choose("tpu")).hasMessageContaining("no such backend");
        assertThatThrownBy(() -> Devices.choose("cpu:1")).isInstanceOf(IllegalArgumentException.class);
    }
}
