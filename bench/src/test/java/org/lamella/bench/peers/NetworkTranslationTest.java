package org.lamella.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamella.network.Activation;
import org.lamella.network.ActivationKind;
import org.lamella.network.Add;
import org.lamella.network.BatchNorm;
import org.lamella.network.Convolution;
import org.lamella.network.Dense;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Pooling;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;

class NetworkTranslationTest {

    /** Networks as formulas. */
    private static final class Formula extends NetworkTranslation<String> {

        private final boolean fuse;

        Formula(Network network, boolean fuse) {
            super(network);
            this.fuse = fuse;
        }

        String write() {
            return translate("x");
        }

        @Override
        protected boolean fuses(Layer layer) {
            return fuse && !(layer instanceof Pooling);
        }

        private static String with(String layer, Activation behind, String x) {
            return layer + (behind == null ? "" : "+" + behind.kind()) + "(" + x + ")";
        }

        @Override
        protected String convolution(Node n, Convolution c, Activation behind, String x) {
            return with("conv" + c.filters(), behind, x);
        }

        @Override
        protected String dense(Node n, Dense d, Activation behind, String x) {
            return with("dense" + d.outputs(), behind, x);
        }

        @Override
        protected String batchNorm(Node n, BatchNorm b, Activation behind, String x) {
            return with("norm", behind, x);
        }

        @Override
        protected String pooling(Node n, Pooling p, String x) {
            return "pool" + p.windowH() + "x" + p.windowW() + "(" + x + ")";
        }

        @Override
        protected String activation(Node n, Activation a, String x) {
            return a.kind() + "(" + x + ")";
        }

        @Override
        protected String concat(Node n, List<String> inputs) {
            return "concat(" + String.join(", ", inputs) + ")";
        }

        @Override
        protected String add(Node n, List<String> inputs) {
            return "add(" + String.join(", ", inputs) + ")";
        }

        @Override
        protected String flatten(Node n, String x) {
            return x;
        }
    }

    @Test
    void activationsAreLayersOrPartsOfThem() {
        Network lenet = Zoo.lenet(new Shape(1, 34, 34), 3);
        assertThat(new Formula(lenet, false).write())
                .isEqualTo("dense3(TANH(dense500(pool2x2(TANH(conv50(pool2x2(TANH(conv20(x)))))))))");
        assertThat(new Formula(lenet, true).write())
                .isEqualTo("dense3(dense500+TANH(pool2x2(conv50+TANH(pool2x2(conv20+TANH(x))))))");
    }

    @Test
    void valuesWithSeveralReadersAreNotFusedAway() {
        Network net = Network.builder(new Shape(2, 4, 4))
                .add("a", new Convolution(2, 1, 1, 1, 1, 0, 0), Network.INPUT)
                .add("r", new Activation(ActivationKind.RELU, 0), "a")
                .add("s", new Add(), "a", "r")
                .globalMaxPool()
                .dense(1)
                .build();
        assertThat(new Formula(net, true).write()).isEqualTo("dense1(pool4x4(add(conv2(x), RELU(conv2(x)))))");
    }

    @Test
    void layersWithoutCounterpartAreRefused() {
        Network net =
                Network.builder(Shape.vector(4)).dense(3).dropout(0.5).dense(1).build();
        assertThatThrownBy(() -> new Formula(net, true).write())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dropout");
    }
}
