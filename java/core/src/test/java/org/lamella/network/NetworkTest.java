package org.lamella.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTest {

    @Test
    void lenetIsExactlyAsPublished() {
        Network n = Zoo.lenet(new Shape(1, 34, 34), 42);
        assertThat(n.nodes().stream().map(Node::name))
                .containsExactly(
                        "conv1", "tanh1", "pool1", "conv2", "tanh2", "pool2", "flatten1", "dense1", "tanh3", "dense2");
        assertThat(n.shape("conv1")).isEqualTo(new Shape(20, 30, 30));
        assertThat(n.shape("pool2")).isEqualTo(new Shape(50, 5, 5));
        assertThat(n.parameterCount()).isEqualTo(20 * 25 + 20 + 50 * 500 + 50 + 500 * 1250 + 500 + 42 * 500 + 42);
    }

    @Test
    void cifarnetIsMxnetsSmallInception() {
        Network n = Zoo.cifarnet(new Shape(3, 28, 28), 10);
        assertThat(n.shape("concat2c")).isEqualTo(new Shape(160, 14, 14));
        assertThat(n.shape("concat3e")).isEqualTo(new Shape(240, 7, 7));
        assertThat(n.shape("concat4b")).isEqualTo(new Shape(336, 7, 7));
    }

    @Test
    void everyZooNetworkSurvivesJson() {
        for (String name : Zoo.NAMES) {
            Shape input = name.startsWith("seqcnn") ? new Shape(4, 1, 300) : new Shape(3, 28, 28);
            Network n = Zoo.create(name, input, 7);
            Network again = Network.fromJson(n.toJson());
            assertThat(again.nodes()).isEqualTo(n.nodes());
            assertThat(again.parameterCount()).isEqualTo(n.parameterCount());
        }
    }

    @Test
    void saysWhatDoesNotFit() {
        assertThatThrownBy(() -> Zoo.lenet(new Shape(1, 9, 9), 2))
                .hasMessageContaining("layer conv2")
                .hasMessageContaining("does not fit");
        assertThatThrownBy(() -> Network.builder(Shape.vector(3))
                        .add("a", new Dense(1), "b")
                        .build())
                .hasMessageContaining("reads 'b'");
        assertThatThrownBy(() -> Network.fromJson("{\"input\": 3}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Network.fromJson("{\"input\":{\"channels\":1,\"height\":1,\"width\":1},\"nodes\":"
                        + "[{\"name\":\"x\",\"inputs\":[\"input\"],\"layer\":{\"type\":\"dens\",\"outputs\":2}}]}"))
                .hasMessageContaining("dens");
        assertThatThrownBy(() -> Shape.parse("3x28")).hasMessageContaining("CxHxW");
        assertThatThrownBy(() -> Shape.parse("3x28x28x")).hasMessageContaining("CxHxW");
        assertThat(Shape.parse("34")).isEqualTo(Shape.vector(34));
        assertThatThrownBy(() -> new Network(Shape.vector(2), List.of())).hasMessageContaining("at least one node");
    }
}
