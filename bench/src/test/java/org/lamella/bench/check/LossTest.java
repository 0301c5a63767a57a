package org.lamella.bench.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.cpu.CpuDevice;

/** Losses on the CPU, and their closed forms, against their definitions. */
class LossTest {

    static List<LossCheck> cases() {
        return LossCheck.ALL;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithDoublePrecision(LossCheck c) {
        for (String isa : CpuDevice.isas()) {
            assertThat(c.run(new CpuDevice(isa, 2))).as(isa).allMatch(Comparison::agrees);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void closedFormsAgreeWithDefinitions(LossCheck c) {
        LossCheck.Problem p = c.problem();
        for (int i = 0; i < p.targets().length; i++) {
            double z = p.logits()[i];
            int target = (int) p.targets()[i];
            float weight = p.positive()[i % c.labels()];
            assertThat(c.rule().value(z, target, weight))
                    .isCloseTo(c.defined(z, target, weight), within(1e-9 * Math.max(1, Math.abs(z))));
            if (p.mask()[i] == 1) {
                assertThat(c.rule().slope(z, target, weight) / p.known()).isCloseTo(p.slope()[i], within(1e-6));
            }
        }
    }
}
