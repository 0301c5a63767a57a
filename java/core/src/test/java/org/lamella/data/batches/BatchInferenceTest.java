package org.lamella.data.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lamella.backend.HostBuffers;
import org.lamella.backend.Program;
import org.lamella.backend.StepInput;
import org.lamella.backend.Tally;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.data.InputFormat;
import org.lamella.device.DeviceException;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
import org.lamella.plan.Tensor;

class BatchInferenceTest {

    private static final int BATCH = 4;

    /** Gives twice the input; fails if steps do not run in the order in which they were prepared. */
    private static final class Doubling implements Program {

        private final Plan plan =
                Plan.of(Network.builder(Shape.vector(1)).relu().build(), PlanOptions.values(BATCH, null));
        private final Deque<StepInput> prepared = new ArrayDeque<>();
        private final int ahead;
        private int steps;
        private int mostPrepared;
        private int fails = Integer.MAX_VALUE;

        Doubling(int ahead) {
            this.ahead = ahead;
        }

        @Override
        public Plan plan() {
            return plan;
        }

        @Override
        public int ahead() {
            return ahead;
        }

        @Override
        public void prepare(StepInput input) {
            if (ahead > 0) {
                assertThat(prepared).hasSizeLessThan(ahead);
                prepared.add(input);
                mostPrepared = Math.max(mostPrepared, prepared.size());
            }
        }

        @Override
        public double step(StepInput input) {
            if (++steps >= fails) {
                throw new DeviceException("the device has failed, call " + steps);
            }
            if (!prepared.isEmpty()) {
                assertThat(prepared.poll()).isSameAs(input);
            }
            for (int i = 0; i < input.samples(); i++) {
                input.output().put(i, 2 * input.input().get(i));
            }
            return 0;
        }

        @Override
        public void tally(Tally to) {
            throw new UnsupportedOperationException("no training");
        }

        @Override
        public float[] read(Tensor tensor) {
            throw new UnsupportedOperationException("no arena");
        }

        @Override
        public void startProfile() {}

        @Override
        public double[] profile() {
            return new double[0];
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void close() {}
    }

    private static Dataset numbers(int rows) {
        float[][] features = new float[rows][1];
        for (int i = 0; i < rows; i++) {
            features[i][0] = i;
        }
        return Dataset.of(features, new byte[rows][1]);
    }

    private static BatchInference over(Doubling program) {
        InputFormat format = new InputFormat(
                Shape.vector(1), false, FeatureScaling.learn(FeatureScaling.Method.NONE, numbers(1), new int[] {0}));
        return new BatchInference(program, format, HostBuffers.PLAIN);
    }

    @Property(tries = 60)
    void everyRowComesOnceAndInOrder(@ForAll @IntRange(max = 30) int rows, @ForAll @IntRange(max = 3) int ahead) {
        Doubling program = new Doubling(ahead);
        BatchInference inference = over(program);
        Dataset data = numbers(rows);
        int[] order = data.rows();
        for (int i = 0; i < rows / 2; i++) { // an order other than that of the rows
            int other = order[i];
            order[i] = order[rows - 1 - i];
            order[rows - 1 - i] = other;
        }
        for (int time = 0; time < 2; time++) {
            List<Float> values = new ArrayList<>();
            inference.run(data, order, (first, last, output) -> {
                assertThat(first).isEqualTo(values.size());
                for (int i = first; i < last; i++) {
                    values.add(output.get(i - first));
                }
            });
            assertThat(values).hasSize(rows);
            for (int i = 0; i < rows; i++) {
                assertThat(values.get(i)).isEqualTo(2f * order[i]);
            }
        }
        assertThat(program.prepared).isEmpty();
        assertThat(program.mostPrepared).isEqualTo(rows <= BATCH ? 0 : Math.min(ahead, (rows + BATCH - 1) / BATCH));
    }

    @Test
    void afterAReceiverThatFailsTheProgramCanStillBeUsed() {
        Doubling program = new Doubling(3);
        BatchInference inference = over(program);
        assertThatThrownBy(() -> inference.run(numbers(20), numbers(20).rows(), (first, last, output) -> {
                    throw new IllegalStateException("no more");
                }))
                .hasMessage("no more");
        assertThat(program.prepared).isEmpty();
        List<Integer> firsts = new ArrayList<>();
        inference.run(numbers(9), numbers(9).rows(), (first, last, output) -> firsts.add(first));
        assertThat(firsts).containsExactly(0, 4, 8);
    }

    @Test
    void aDeviceThatFailsIsAskedNothingMore() {
        Doubling program = new Doubling(3);
        program.fails = 2;
        BatchInference inference = over(program);
        assertThatThrownBy(() -> inference.run(numbers(20), numbers(20).rows(), (first, last, output) -> {}))
                .isInstanceOf(DeviceException.class)
                .hasMessage("the device has failed, call 2");
        assertThat(program.steps).isEqualTo(2);
    }
}
