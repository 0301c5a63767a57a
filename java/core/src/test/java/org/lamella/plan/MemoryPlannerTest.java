package org.lamella.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;

/** Tensors with overlapping lifetimes never overlap in memory; others share it. */
class MemoryPlannerTest {

    @Provide
    Arbitrary<List<MemoryPlanner.Lifetime>> lifetimes() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 10_000),
                        Arbitraries.integers().between(0, 20),
                        Arbitraries.integers().between(0, 10))
                .as((bytes, first, length) -> new MemoryPlanner.Lifetime(bytes, first, first + length))
                .list()
                .ofMaxSize(40);
    }

    @Property(tries = 500)
    void tensorsInUseNeverOverlap(@ForAll("lifetimes") List<MemoryPlanner.Lifetime> lifetimes) {
        long[] offsets = MemoryPlanner.place(lifetimes);
        long sum = 0;
        for (int i = 0; i < offsets.length; i++) {
            assertThat(offsets[i] % MemoryPlanner.ALIGNMENT).isZero();
            sum += (lifetimes.get(i).bytes() + 63) / 64 * 64;
            for (int j = 0; j < i; j++) {
                MemoryPlanner.Lifetime a = lifetimes.get(i);
                MemoryPlanner.Lifetime b = lifetimes.get(j);
                if (a.first() <= b.last() && b.first() <= a.last()) {
                    assertThat(offsets[i] + a.bytes() <= offsets[j] || offsets[j] + b.bytes() <= offsets[i])
                            .as("%s at %d, %s at %d", a, offsets[i], b, offsets[j])
                            .isTrue();
                }
            }
        }
        assertThat(MemoryPlanner.extent(lifetimes, offsets)).isLessThanOrEqualTo(sum);
    }

    @Example
    void disjointLifetimesShareMemory() {
        List<MemoryPlanner.Lifetime> chain = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            chain.add(new MemoryPlanner.Lifetime(1024, 2 * i, 2 * i + 1));
        }
        assertThat(MemoryPlanner.extent(chain, MemoryPlanner.place(chain))).isEqualTo(1024);
    }

    @Example
    void inferenceOfLenetKeepsItsMapsThreadLocal() {
        Network lenet = Zoo.lenet(new Shape(1, 100, 100), 42);
        Plan plan = Plan.of(lenet, PlanOptions.probabilities(100));
        assertThat(plan.localBytes()).as("the one map between the convolutions").isEqualTo(20 * 48 * 48 * 4);
        assertThat(plan.arenaBytes()).isLessThan(plan.naiveBytes());
        assertThat(plan.ops().stream().map(Op::toString))
                .containsExactly(
                        "pack_filters conv2+tanh2+pool2",
                        "convolution conv1+tanh1+pool1",
                        "convolution conv2+tanh2+pool2",
                        "dense_slice dense1+tanh3",
                        "dense_join dense1+tanh3",
                        "dense dense2",
                        "probability probabilities");
    }

    @Example
    void withoutFusionEveryLayerIsAnOperator() {
        Network lenet = Zoo.lenet(new Shape(1, 34, 34), 42);
        Plan plan = Plan.of(lenet, PlanOptions.probabilities(3).unfused());
        assertThat(plan.ops().stream().filter(o -> o.kind() == OpKind.ACTIVATE)).hasSize(3);
        assertThat(plan.ops().stream().filter(o -> o.kind() == OpKind.POOL)).hasSize(2);
    }
}
