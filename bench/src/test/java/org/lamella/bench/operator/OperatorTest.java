package org.lamella.bench.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.data.InputException;
import org.lamella.network.BatchNorm;
import org.lamella.network.Convolution;
import org.lamella.network.Dropout;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;

/** The table is complete, and its words mean what they say. */
class OperatorTest {

    @Test
    void everyLayerHasAnEntryAndACase() {
        List<Class<?>> used = new ArrayList<>();
        for (Operator o : Operator.values()) {
            o.cases()
                    .forEach(c ->
                            c.network().nodes().forEach(n -> used.add(n.layer().getClass())));
        }
        for (Class<?> layer : kinds(Layer.class).toList()) {
            assertThat(Operator.values())
                    .as("an entry of %s", layer)
                    .anyMatch(o -> o.title().equals(title(layer)));
            if (layer != Dropout.class) { // of chance: DropoutCheck
                assertThat(used).contains(layer);
            }
        }
    }

    /** The records of a sealed interface, and of the sealed interfaces that it permits. */
    private static Stream<Class<?>> kinds(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(OperatorTest::kinds)
                : Stream.of(type);
    }

    private static String title(Class<?> layer) {
        return Arrays.stream(Operator.values())
                .filter(o -> o.isOf(layer))
                .map(Operator::title)
                .findFirst()
                .orElse("none");
    }

    @Test
    void namesAreUnique() {
        List<String> names = new ArrayList<>();
        for (Operator o : Operator.values()) {
            o.cases().forEach(c -> names.add(c.name()));
            o.timed().forEach(c -> names.add(c.name()));
        }
        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(60);
    }

    @Test
    void wordsOfGraphs() {
        Network n =
                LayerWords.network("4x7x7", "conv:4:3x3:p1 =a relu conv:4:3x3:p1 =b add:a+b+input maxpool:2x2 flatten");
        assertThat(n.nodes()).extracting(node -> node.inputs().size()).containsExactly(1, 1, 1, 3, 1, 1);
        assertThat(n.nodes().get(3).inputs()).containsExactly("conv1", "conv2", "input");
        assertThat(n.outputs()).isEqualTo(4 * 3 * 3);
        assertThat(LayerWords.network("2x9x9", "conv:3:3x2:s3x1:p0x1")
                        .nodes()
                        .get(0)
                        .layer())
                .isEqualTo(new Convolution(3, 3, 2, 3, 1, 0, 1));
        assertThat(LayerWords.network("2x1x9", "conv:3:1x3:s2:p1")
                        .nodes()
                        .get(0)
                        .layer())
                .isEqualTo(new Convolution(3, 1, 3, 1, 2, 0, 1));
        assertThat(LayerWords.network("2x9x9", "maxpool:2x2:s3").nodes().get(0).layer())
                .isEqualTo(new Pooling(PoolingKind.MAX, false, 2, 2, 3, 3, 0, 0));
        assertThat(LayerWords.network("2x9x9", "batch_norm{epsilon:0.001,momentum:0.5}")
                        .nodes()
                        .get(0)
                        .layer())
                .isEqualTo(new BatchNorm(0.001f, 0.5f));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x 2 3x9x9 | expected a name",
                "x 0 3x9x9 relu | 1 or more",
                "x 2 3x9x9 swish | no layer 'swish'",
                "x 2 3x9x9 conv:4 | says too little",
                "x 2 3x9x9 relu add:a+input | no layer was named 'a'",
                "x 2 3x9x9 swish{a:1} | swish"
            })
    void whatIsNoCaseIsRefused(String line, String why) {
        assertThatThrownBy(() -> OperatorCase.of(line))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(why);
    }
}
