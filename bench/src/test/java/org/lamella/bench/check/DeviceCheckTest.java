package org.lamella.bench.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.lamella.cpu.CpuDevice;
import org.lamella.device.DeviceException;

/** The whole check on the CPU, and how it counts and compares. */
class DeviceCheckTest {

    @Test
    void theCpuComputesWhatItShould() {
        List<DeviceCheck.Outcome> outcomes = run(DeviceCheck.cases(20, ""), 600);
        assertThat(outcomes)
                .allSatisfy(o -> assertThat(o.verdict()).as(o.toString()).isEqualTo(DeviceCheck.Verdict.AGREES));
        assertThat(outcomes.stream().map(DeviceCheck.Outcome::group).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("operators", "not a number", "dropout", "losses", "optimizers", "training");
        assertThat(outcomes)
                .hasSize(2 * NetworkCases.all().size() + NotANumberCheck.cases().size() + 1 + 9 + 4 + 5);
        assertThat(outcomes.stream().map(o -> o.group() + o.name())).doesNotHaveDuplicates();
    }

    @Test
    void casesAreChosenByGroupAndName() {
        assertThat(DeviceCheck.cases(20, "LOSSES: focal"))
                .extracting(CheckCase::name)
                .containsExactly("focal 2, 3x17");
        assertThat(DeviceCheck.cases(3, "training: mlp"))
                .extracting(CheckCase::name)
                .containsExactly("mlp, 3 steps");
        assertThat(DeviceCheck.cases(20, "nothing of this name")).isEmpty();
        assertThatThrownBy(() -> DeviceCheck.cases(0, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("steps");
    }

    @Test
    void whatFailsOrComesTooLateIsNeverAnAgreement() {
        CheckCase fails = new CheckCase("a", "fails", device -> {
            throw new DeviceException("cuSomething failed");
        });
        CheckCase wrong = new CheckCase(
                "a",
                "wrong",
                device -> List.of(
                        Comparison.ofTensor("x", new double[] {1, 2}, new float[] {1, 2}, 1e-5),
                        Comparison.ofTensor("y", new double[] {1, 2}, new float[] {1, 2.001f}, 1e-5)));
        List<DeviceCheck.Outcome> outcomes = run(List.of(fails, wrong), 600);
        assertThat(outcomes.get(0).verdict()).isEqualTo(DeviceCheck.Verdict.FAILED);
        assertThat(outcomes.get(0).message()).isEqualTo("cuSomething failed");
        assertThat(outcomes.get(1).verdict()).isEqualTo(DeviceCheck.Verdict.DIFFERS);
        assertThat(outcomes.get(1).worst().what()).isEqualTo("y");
        assertThat(outcomes.get(1).worst().where()).isEqualTo("element 1 of 2: 2.001000 for 2.000000");
        assertThat(run(List.of(fails, wrong), -1))
                .extracting(DeviceCheck.Outcome::verdict)
                .containsOnly(DeviceCheck.Verdict.NOT_RUN);
    }

    @Test
    void whatIsNoNumberDoesNotAgree() {
        double[] one = {1};
        float[] none = {Float.NaN};
        assertThat(Comparison.ofTensor("x", one, none, 1e-5).agrees()).isFalse();
        assertThat(Comparison.ofLargest("x", one, none, 1e-5).agrees()).isFalse();
        assertThat(Comparison.ofNumber("x", 1, Double.NaN, 1, 1e-5).agrees()).isFalse();
        assertThatThrownBy(() -> Comparison.ofTensor("x", one, new float[2], 1))
                .hasMessageContaining("2 elements where 1");
    }

    private static List<DeviceCheck.Outcome> run(List<CheckCase> cases, double seconds) {
        List<DeviceCheck.Outcome> seen = new ArrayList<>();
        List<DeviceCheck.Outcome> all =
                DeviceCheck.run(cases, new CpuDevice(2), seconds, (number, outcome) -> seen.add(outcome));
        assertThat(seen).isEqualTo(all);
        return all;
    }
}
