package org.lamella.bench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.cpu.CpuDevice;

/** NaN stays NaN, on every ISA of this machine. */
class NotANumberTest {

    static Stream<Arguments> casesAndIsas() {
        return NotANumberCheck.cases().stream()
                .flatMap(c -> CpuDevice.isas().stream().map(isa -> Arguments.of(c.name(), isa, c)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("casesAndIsas")
    void staysNaN(String name, String isa, CheckCase c) {
        assertThat(c.body().run(new CpuDevice(isa, 2))).allMatch(Comparison::agrees);
    }
}
