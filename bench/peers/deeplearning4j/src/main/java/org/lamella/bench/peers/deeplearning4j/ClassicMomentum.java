package org.lamella.bench.peers.deeplearning4j;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/** SGD with the classic momentum: v = m v + g, w = w - rate v. Deeplearning4j itself has only Nesterov's. */
final class ClassicMomentum implements IUpdater {

    private static final long serialVersionUID = 1;
    private static final String VELOCITY = "V";

    private final double rate;
    private final double momentum;

    ClassicMomentum(double rate, double momentum) {
        this.rate = rate;
        this.momentum = momentum;
    }

    @Override
    public long stateSize(long parameters) {
        return parameters;
    }

    @Override
    public GradientUpdater<ClassicMomentum> instantiate(INDArray viewArray, boolean initialize) {
        if (initialize) {
            viewArray.assign(0);
        }
        return new Updater(this, viewArray);
    }

    @Override
    public GradientUpdater<ClassicMomentum> instantiate(Map<String, INDArray> state, boolean initialize) {
        return instantiate(state.get(VELOCITY), initialize);
    }

    @Override
    public IUpdater clone() {
        return new ClassicMomentum(rate, momentum);
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
        return rate;
    }

    @Override
    public boolean hasLearningRate() {
        return true;
    }

    @Override
    public void setLrAndSchedule(double learningRate, ISchedule schedule) {
        throw new UnsupportedOperationException("the rate is fixed");
    }

    private static final class Updater implements GradientUpdater<ClassicMomentum> {

        private final ClassicMomentum rule;
        private INDArray velocity;

        Updater(ClassicMomentum rule, INDArray velocity) {
            this.rule = rule;
            this.velocity = velocity;
        }

        @Override
        public ClassicMomentum getConfig() {
            return rule;
        }

        @Override
        public void setState(Map<String, INDArray> state, boolean initialize) {
            velocity = state.get(VELOCITY);
        }

        @Override
        public Map<String, INDArray> getState() {
            return Map.of(VELOCITY, velocity);
        }

        @Override
        public void setStateViewArray(INDArray viewArray, long[] gradientShape, char order, boolean initialize) {
            velocity = viewArray.reshape(order, gradientShape);
        }

        /** Replaces {@code gradient} by the values to subtract. */
        @Override
        public void applyUpdater(INDArray gradient, int iteration, int epoch) {
            INDArray v = velocity.reshape(gradient.ordering(), gradient.shape());
            v.muli(rule.momentum).addi(gradient);
            Nd4j.getExecutioner().exec(new ScalarMultiplication(v, null, gradient, rule.rate));
        }
    }
}
