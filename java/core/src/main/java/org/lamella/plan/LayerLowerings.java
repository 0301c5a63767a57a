package org.lamella.plan;

import org.lamella.network.Layer;

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
    public LayerLowering convolution(Layer.Convolution layer) {
        return new ConvolutionLowering(context, group, layer);
    }

    @Override
    public LayerLowering pooling(Layer.Pooling layer) {
        return new PoolingLowering(context, group, layer);
    }

    @Override
    public LayerLowering dense(Layer.Dense layer) {
        return new DenseLowering(context, group, layer);
    }

    @Override
    public LayerLowering activation(Layer.Activation layer) {
        return new ActivationLowering(context, group, layer);
    }

    @Override
    public LayerLowering batchNorm(Layer.BatchNorm layer) {
        return new BatchNormLowering(context, group, layer);
    }

    @Override
    public LayerLowering layerNorm(Layer.LayerNorm layer) {
        return new LayerNormLowering(context, group, layer);
    }

    @Override
    public LayerLowering dropout(Layer.Dropout layer) {
        return new DropoutLowering(context, group, layer);
    }

    @Override
    public LayerLowering mask(Layer.Mask layer) {
        return new MaskLowering(context, group, layer);
    }

    @Override
    public LayerLowering concat(Layer.Concat layer) {
        return new ConcatLowering(context, group);
    }

    @Override
    public LayerLowering add(Layer.Add layer) {
        return new AddLowering(context, group);
    }

    @Override
    public LayerLowering flatten(Layer.Flatten layer) {
        return new FlattenLowering(context, group);
    }
}
