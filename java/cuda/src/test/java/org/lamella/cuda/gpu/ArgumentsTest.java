package org.lamella.cuda.gpu;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.lamella.cuda.compile.KernelStructure;

/** The arguments of kernels. */
class ArgumentsTest {

    @Test
    void aStructureThatIsNotWholeIsRefused() {
        try (Arguments arguments = new Arguments()) {
            assertThatThrownBy(() -> arguments.structure(KernelStructure.FOCUS, 1f, 2f))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("FOCUS has 12 bytes, not 8");
        }
    }
}
