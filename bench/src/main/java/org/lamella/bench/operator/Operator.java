package org.lamella.bench.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Activation;
import org.lamella.network.ActivationKind;
import org.lamella.network.Add;
import org.lamella.network.BatchNorm;
import org.lamella.network.Concat;
import org.lamella.network.Convolution;
import org.lamella.network.Dense;
import org.lamella.network.Dropout;
import org.lamella.network.Flatten;
import org.lamella.network.Layer;
import org.lamella.network.LayerNorm;
import org.lamella.network.Mask;
import org.lamella.network.Pooling;

/**
 * The table of operators: for each layer its definition, the cases in which it is checked (odd shapes, alone and fused
 * with other layers), and the shapes at which it is timed. Lines are name, batch, input, layers; see
 * {@link LayerWords}. In a case {@code NAME-joined} the output is a part of a concatenation, so samples are not
 * adjacent, and the gradient of the input is added to that of another layer.
 */
public enum Operator {
    CONVOLUTION("convolution", Convolution.class, new ConvolutionReference(), """
            conv-5x5-one-channel      3  1x17x17   conv:20:5x5
            conv-5x5-many-channels    1  20x13x34  conv:50:5x5
            conv-3x3-padded          17  3x17x7    conv:9:3x3:p1
            conv-3x3-stride-2-padded  3  7x17x17   conv:33:3x3:s2:p1
            conv-stride-3x1           2  2x13x100  conv:5:3x2:s3x1:p0x1
            conv-1x1                  3  17x7x7    conv:34:1x1
            conv-1x1-stride-2         3  5x9x9     conv:3:1x1:s2x2
            conv-many-3x3             2  10x12x12  conv:50:3x3:p1
            conv-many-3x3-stride-2    3  17x9x11   conv:42:3x3:s2:p1
            conv-many-1x1             2  33x8x10   conv:80:1x1
            conv-many-1-d             3  10x1x33   conv:34:1x5:p2
            conv-1-d                  3  4x1x100   conv:17:1x11
            conv-of-its-whole-input   1  3x5x5     conv:2:5x5
            """, """
            cifarnet-conv1           32  3x28x28   conv:96:3x3:p1
            cifarnet-2a-1x1          32  96x28x28  conv:32:1x1
            cifarnet-2c-3x3          32  80x28x28  conv:80:3x3:s2:p1
            cifarnet-3d-3x3          32  112x14x14 conv:96:3x3:p1
            cifarnet-4a-3x3          32  240x7x7   conv:160:3x3:p1
            """),
    CONVOLUTION_ACTIVATION("convolution + activation", """
            conv-leaky-relu           3  3x9x9     conv:5:3x3 leaky_relu:0.1
            conv-gelu                 3  3x9x9     conv:5:3x3 gelu
            conv-many-joined          2  12x6x8    conv:36:3x3:p1 relu =a @input conv:50:1x1 tanh =b concat:a+b \
                conv:4:1x1 =c @a conv:4:3x3:p1 =d add:c+d dense:3
            conv-overlapping-pool     3  3x17x17   conv:6:3x3 relu maxpool:3x3:s2:p1
            """, """
            seqcnn-conv3             16  128x1x122 conv:128:1x5 relu
            alexnet-conv1             4  3x224x224 conv:64:11x11:s4:p2 relu
            alexnet-conv2             4  64x27x27  conv:192:5x5:p2 relu
            alexnet-conv3             4  192x13x13 conv:384:3x3:p1 relu
            alexnet-conv5             4  256x13x13 conv:256:3x3:p1 relu
            vgg-conv1                 1  3x224x224 conv:64:3x3:p1 relu
            vgg-conv2                 1  64x112x112 conv:128:3x3:p1 relu
            vgg-conv4                 1  256x56x56 conv:256:3x3:p1 relu
            vgg-conv6                 2  512x28x28 conv:512:3x3:p1 relu
            vgg-conv8                 4  512x14x14 conv:512:3x3:p1 relu
            """),
    CONVOLUTION_POOL_ACTIVATION("convolution + max pool + activation", """
            conv-tanh-pool            3  3x17x18   conv:17:5x5 tanh maxpool:2x2
            conv-tanh-pool-wide       1  1x34x100  conv:3:5x5 tanh maxpool:2x2
            conv-pool-relu            3  2x12x12   conv:5:3x3 maxpool:3x3 relu
            conv-relu-pool-1x4        3  4x1x101   conv:8:1x7 relu maxpool:1x4
            conv-gelu-pool            3  3x12x13   conv:5:3x3 gelu maxpool:2x2
            conv-pool-gelu            3  3x12x13   conv:5:3x3 maxpool:2x2 gelu
            conv-pool-with-gaps       3  2x19x19   conv:3:3x3 sigmoid maxpool:2x2:s3
            conv-pool-4-channels      3  4x13x18   conv:20:5x5 tanh maxpool:2x2
            conv-pool-20-channels     3  20x15x18  conv:42:5x5 tanh maxpool:2x2
            conv-pool-36-channels     2  3x7x23    conv:36:1x1 conv:32:3x3:p1 relu maxpool:2x2
            conv-pool-of-a-row        3  2x1x101   conv:34:1x1 conv:50:1x7 relu maxpool:1x4
            conv-pool-of-a-padded-row 3  2x1x77    conv:9:1x1 conv:20:1x5:p2 maxpool:1x2 relu
            conv-pool-joined          3  20x9x12   conv:20:1x1 =a conv:17:3x3:p1 relu maxpool:2x2 =b \
                add:a+input maxpool:2x2 =c concat:b+c dense:3
            """, """
            lenet-conv1              32  1x34x34   conv:20:5x5 tanh maxpool:2x2
            lenet-conv2              32  20x15x15  conv:50:5x5 tanh maxpool:2x2
            lenet100-conv2           16  20x48x48  conv:50:5x5 tanh maxpool:2x2
            seqcnn-conv1             16  4x1x2000  conv:64:1x11 relu maxpool:1x4
            seqcnn-conv2             16  64x1x497  conv:128:1x7 relu maxpool:1x4
            """),
    POOLING("pooling", Pooling.class, new PoolingReference(), """
            max-pool-padded           3  3x17x9    maxpool:3x3:s2:p1
            average-pool-padded       3  3x17x9    avgpool:3x3:s2:p1
            max-pool-global           3  17x5x7    maxpool:global
            average-pool-global       3  17x5x7    avgpool:global
            max-pool-joined           3  3x9x7     conv:4:3x3:p1 =a maxpool:3x3:s1:p1 =b concat:a+b dense:3
            average-pool-joined       3  3x9x7     conv:4:3x3:p1 =a avgpool:3x3:s1:p1 =b concat:a+b dense:3
            """, """
            pool-3x3                 16  96x28x28  maxpool:3x3
            """),
    DENSE("dense", Dense.class, new DenseReference(), """
            dense                   100  34x1x1    dense:42
            dense-of-one-sample       1  3x5x7     dense:1
            dense-deep               17  1001x1x1  dense:67
            dense-joined             17  34x1x1    dense:9 =a dense:7 =b concat:a+b dense:3
            """, ""),
    DENSE_ACTIVATION("dense + activation", """
            dense-gelu-dense         17  34x1x1    dense:33 gelu dense:3
            dense-tanh-dense-relu    34  100x1x1   dense:34 tanh dense:17 relu
            """, """
            lenet-dense1             32  1250x1x1  dense:500 tanh
            lenet100-dense1          32  24200x1x1 dense:500 tanh
            """),
    ACTIVATION("activation", Activation.class, new ActivationReference(), activations(), ""),
    BATCH_NORM(
            "batch norm",
            BatchNorm.class,
            new NormReference((sample, channel) -> channel, node -> ((BatchNorm) node.layer()).epsilon()),
            """
            batch-norm               17  5x7x3     batchnorm
            batch-norm-relu          33  34x3x3    batchnorm relu
            batch-norm-gelu          17  5x7x3     batchnorm gelu
            batch-norm-of-features   34  100x1x1   batchnorm tanh
            batch-norm-joined        17  3x5x7     conv:4:3x3:p1 =a batchnorm =b concat:a+b dense:3
            """,
            """
            cifarnet-norm            32  96x28x28  batchnorm relu
            """),
    LAYER_NORM(
            "layer norm",
            LayerNorm.class,
            new NormReference((sample, channel) -> sample, node -> ((LayerNorm) node.layer()).epsilon()),
            """
            layer-norm               17  5x7x3     layer_norm{epsilon:0.001}
            layer-norm-of-features   34  100x1x1   dense:67 layer_norm{epsilon:0.001} relu
            layer-norm-joined        17  3x5x7     conv:4:3x3:p1 =a layer_norm{epsilon:0.001} =b concat:a+b dense:3
            """,
            """
            norm-of-a-map            32  96x28x28  layer_norm{epsilon:0.001}
            """),
    MASK("mask", Mask.class, new MaskReference(), """
            mask-maximum   7 4x1x60 conv:8:1x5 relu maxpool:1x3 mask:zero \
                conv:6:1x3:p1 tanh mask:lowest maxpool:global flatten dense:3
            mask-average   7 4x1x60 conv:7:1x4:s2:p1 tanh mask:zero \
                conv:5:1x3 relu mask:average avgpool:global flatten dense:2
            mask-branches  7 4x1x60 conv:3:1x3:p1 relu =a @input conv:4:1x7:p3 tanh =b concat:a+b \
                mask:zero maxpool:1x2 mask:lowest maxpool:global flatten dense:2
            mask-joined    7 4x1x60 conv:3:1x3:p1 =a mask:zero =b concat:a+b \
                mask:lowest maxpool:global flatten dense:2
            """, ""),
    DROPOUT("dropout", Dropout.class, new CopyReference(), "", ""),
    CONCAT("concat", Concat.class, new JoinReference(false), """
            concat  3 3x9x9 conv:4:3x3:p1 relu =a @input conv:4:1x1 tanh =b concat:a+b dense:7
            """, ""),
    ADD("add", Add.class, new JoinReference(true), """
            add       3 3x9x9 conv:4:3x3:p1 relu =a @input conv:4:1x1 tanh =b add:a+b dense:7
            residual  3 4x7x7 conv:4:3x3:p1 =a relu conv:4:3x3:p1 =b add:a+b+input relu avgpool:global dense:3
            """, ""),
    FLATTEN("flatten", Flatten.class, new CopyReference(), """
            flatten                   3  3x5x7     flatten dense:3
            flatten-joined            3  3x5x7     conv:4:3x3:p1 =a flatten dense:3 =b @a flatten dense:3 =c add:b+c
            """, "");

    private final String title;
    private final @Nullable Class<? extends Layer> layer;
    private final @Nullable LayerReference reference;
    private final List<OperatorCase> cases;
    private final List<OperatorCase> timed;

    Operator(
            String title,
            @Nullable Class<? extends Layer> layer,
            @Nullable LayerReference reference,
            String cases,
            String timed) {
        this.title = title;
        this.layer = layer;
        this.reference = reference;
        this.cases = read(cases);
        this.timed = read(timed);
    }

    /** A layer fused with the layers after it. */
    Operator(String title, String cases, String timed) {
        this(title, null, null, cases, timed);
    }

    private static List<OperatorCase> read(String lines) {
        return lines.lines().filter(l -> !l.isBlank()).map(OperatorCase::of).toList();
    }

    /** Two cases for every kind. */
    private static String activations() {
        StringBuilder lines = new StringBuilder();
        for (ActivationKind kind : ActivationKind.values()) {
            String word = kind.name().toLowerCase(Locale.ROOT);
            lines.append(word).append(" 3 3x17x1 ").append(word);
            lines.append(kind == ActivationKind.LEAKY_RELU ? ":0.01\n" : "\n");
            lines.append(word).append("-joined 3 3x9x7 conv:4:3x3:p1 =a ").append(word);
            lines.append(kind == ActivationKind.LEAKY_RELU ? ":0.01" : "").append(" =b concat:a+b dense:3\n");
        }
        return lines.toString();
    }

    /**
     * The operator of a layer alone.
     *
     * @param layer of a network
     * @return its entry
     * @throws IllegalArgumentException if the table has none; a test makes sure that it has one for every layer
     */
    static Operator of(Layer layer) {
        return Arrays.stream(values())
                .filter(o -> o.isOf(layer.getClass()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the table of operators lacks " + layer));
    }

    /** {@return its name in tables, for example {@code convolution + activation}} */
    public String title() {
        return title;
    }

    /** {@return the cases in which it is checked; none for dropout, which has a check of its own} */
    public List<OperatorCase> cases() {
        return cases;
    }

    /** {@return the shapes at which it is timed} */
    public List<OperatorCase> timed() {
        return timed;
    }

    boolean isOf(Class<?> kind) {
        return kind.equals(layer);
    }

    /** {@return true for a convolution, alone or fused with other layers} */
    public boolean convolves() {
        return layer == null
                ? cases.get(0).network().nodes().get(0).layer() instanceof Convolution
                : layer == Convolution.class;
    }

    /** The definition of a layer that is not fused with others. */
    LayerReference reference() {
        return Objects.requireNonNull(reference, title);
    }

    /** {@return the shapes at which operators are timed, all of them} */
    public static List<OperatorCase> allTimed() {
        List<OperatorCase> all = new ArrayList<>();
        for (Operator o : values()) {
            all.addAll(o.timed);
        }
        return all;
    }
}
