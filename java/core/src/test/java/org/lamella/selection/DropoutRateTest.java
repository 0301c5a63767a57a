package org.lamella.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamella.network.Dropout;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;

/** Networks with another rate of dropout. */
class DropoutRateTest {

    private static final Shape INPUT = Shape.vector(7);

    private static List<Float> rates(Network network) {
        return network.nodes().stream()
                .filter(n -> n.layer() instanceof Dropout)
                .map(n -> ((Dropout) n.layer()).rate())
                .toList();
    }

    @Test
    void theRatesOfDropoutLayersAreReplaced() {
        Network net = DropoutRate.of(Zoo.mlpSmall(INPUT, 3), 0.25f);
        assertThat(rates(net)).containsExactly(0.25f, 0.25f);
        assertThat(DropoutRate.of(Zoo.mlpSmall(INPUT, 3), 0.5f)).isEqualTo(Zoo.mlpSmall(INPUT, 3));
    }

    @Test
    void hiddenLayersGetDropoutIfThereIsNone() {
        Network net = DropoutRate.of(Zoo.mlp(INPUT, 3), 0.25f);
        assertThat(rates(net)).containsExactly(0.25f, 0.25f);
        assertThat(net.nodes())
                .extracting(n -> n.layer().getClass().getSimpleName())
                .containsExactly("Dense", "Activation", "Dropout", "Dense", "Activation", "Dropout", "Dense");
        assertThat(net.nodes().get(3).inputs())
                .containsExactly(net.nodes().get(2).name());
        assertThat(net.outputs()).isEqualTo(3);
        assertThat(DropoutRate.of(Zoo.mlp(INPUT, 3), 0)).isEqualTo(Zoo.mlp(INPUT, 3));
    }

    @Test
    void aNetworkWithoutHiddenLayersHasNoPlaceForIt() {
        assertThat(DropoutRate.fits(Zoo.linear(INPUT, 3))).isFalse();
        assertThat(DropoutRate.fits(Zoo.mlp(INPUT, 3))).isTrue();
        assertThat(DropoutRate.of(Zoo.linear(INPUT, 3), 0.5f)).isEqualTo(Zoo.linear(INPUT, 3));
    }
}
