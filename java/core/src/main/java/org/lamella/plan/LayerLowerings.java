package org.lamella.plan;

import org.lamella.network.Activation;
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

/** The lowering of each kind of layer. A kind that is missing here does not compile. */
final class LayerLowerings implements Layer.Visitor<LayerLowering> {

    private final LoweringContext context;
    private final Group group;

    private LayerLowerings(LoweringContext context, Group group) {
        this.context = context;
        this.group = group;
    }

    /** The lowering of a group: that of its first layer. */
    static LayerLowering of(LoweringContext context, Group group) {
        return group.head().layer().accept(new LayerLowerings(context, group));
    }

    @Override
    public LayerLowering convolution(Convolution layer) {
        return new ConvolutionLowering(context, group, layer);
    }

    @Override
    public LayerLowering pooling(Pooling layer) {
        return new PoolingLowering(context, group, layer);
    }

    @Override
    public LayerLowering dense(Dense layer) {
        return new DenseLowering(context, group, layer);
    }

    @Override
    public LayerLowering activation(Activation layer) {
        return new ActivationLowering(context, group, layer);
    }

    @Override
    public LayerLowering batchNorm(BatchNorm layer) {
        return new BatchNormLowering(context, group, layer);
    }

    @Override
    public LayerLowering layerNorm(LayerNorm layer) {
        return new LayerNormLowering(context, group, layer);
    }

    @Override
    public LayerLowering dropout(Dropout layer) {
        return new DropoutLowering(context, group, layer);
    }

    @Override
    public LayerLowering mask(Mask layer) {
        return new MaskLowering(context, group, layer);
    }

    @Override
    public LayerLowering concat(Concat layer) {
        return new ConcatLowering(context, group);
    }

    @Override
    public LayerLowering add(Add layer) {
        return new AddLowering(context, group);
    }

    @Override
    public LayerLowering flatten(Flatten layer) {
        return new FlattenLowering(context, group);
    }
}
