package org.lamella.bench.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.bench.operator.Operator;
import org.lamella.bench.operator.OperatorCase;
import org.lamella.data.InputException;

class KernelCheckTest {

    /** All that are small enough for a test. */
    static Stream<String> lines() {
        return Operator.allTimed().stream().filter(s -> s.gflop() < 1.5).map(OperatorCase::line);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void kernelsAreRight(String line) {
        KernelCheck.Errors errors = KernelCheck.of(OperatorCase.of(line), "", 1);
        assertThat(errors.forward()).isLessThan(1e-5);
        assertThat(errors.backward()).isLessThan(1e-3);
    }

    @Test
    void arithmeticAndBytesByHand() {
        OperatorCase s = OperatorCase.of("x 2 3x9x9 conv:4:3x3:s2:p1 relu");
        assertThat(s.network().shape("conv1").toString()).isEqualTo("4x5x5");
        assertThat(s.gflop()).isEqualTo(2 * 2 * 100 * 27 * 1e-9);
        assertThat(s.bytes()).isEqualTo(4.0 * (2 * (243 + 100) + 4 * 27 + 4));
        assertThatThrownBy(() -> OperatorCase.of("x 2 3x9x9 conv:4"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("says too little");
        assertThatThrownBy(() -> OperatorCase.of("x 2 3x9x9 swish")).hasMessageContaining("no layer 'swish'");
        assertThatThrownBy(() -> OperatorCase.of("x 0 3x9x9 relu")).hasMessageContaining("1 or more");
    }
}
