package org.lamella.bench.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lamella.cpu.CpuDevice;
import org.lamella.optimization.OptimizerConfig;

/** Every optimizer on the CPU against its formula. */
class OptimizerTest {

    @ParameterizedTest
    @EnumSource(OptimizerConfig.Kind.class)
    void followsItsFormula(OptimizerConfig.Kind kind) {
        for (String isa : CpuDevice.isas()) {
            assertThat(OptimizerCheck.of(kind).body().run(new CpuDevice(isa, 1)))
                    .as(isa)
                    .allMatch(Comparison::agrees);
        }
    }
}
