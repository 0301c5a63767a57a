package org.lamella.plan;

/** The kinds of operators. Sample operators process one sample at a time, batch operators the whole batch. */
public enum OpKind {
    /** Convolution with its fused layers. */
    CONVOLUTION(Unit.SAMPLE, Phase.FORWARD),
    /** Maximum or average of windows. */
    POOL(Unit.SAMPLE, Phase.FORWARD),
    /** An activation. */
    ACTIVATE(Unit.SAMPLE, Phase.FORWARD),
    /** Batch norm from statistics, with its activation. */
    NORMALIZE(Unit.SAMPLE, Phase.FORWARD),
    /** Layer norm. */
    LAYER_NORM(Unit.SAMPLE, Phase.FORWARD),
    /** Dropout. */
    DROPOUT(Unit.SAMPLE, Phase.FORWARD),
    /** Mask of the padding of sequences. */
    MASK(Unit.SAMPLE, Phase.FORWARD),
    /** Copies or adds values. */
    COPY(Unit.SAMPLE, Phase.FORWARD),
    /** Sums of values and squares for batch norm. */
    NORM_MOMENTS(Unit.SAMPLE, Phase.FORWARD),
    /** The loss and its gradient with respect to the logits, in one pass. */
    LOSS(Unit.SAMPLE, Phase.FORWARD),
    /** Probabilities from logits. */
    PROBABILITY(Unit.SAMPLE, Phase.FORWARD),
    /** Gradients of a convolution. */
    CONVOLUTION_BACKWARD(Unit.SAMPLE, Phase.BACKWARD),
    /** Gradient of a pooling. */
    POOL_BACKWARD(Unit.SAMPLE, Phase.BACKWARD),
    /** Gradient of an activation. */
    ACTIVATE_BACKWARD(Unit.SAMPLE, Phase.BACKWARD),
    /** Gradient of a dropout. */
    DROPOUT_BACKWARD(Unit.SAMPLE, Phase.BACKWARD),
    /** Gradient of a mask. */
    MASK_BACKWARD(Unit.SAMPLE, Phase.BACKWARD),
    /** Gradient of a concatenation or a sum. */
    COPY_BACKWARD(Unit.SAMPLE, Phase.BACKWARD),
    /** Sums for the gradient of a batch norm. */
    NORM_GRADIENT_SUMS(Unit.SAMPLE, Phase.BACKWARD),
    /** Gradient of the input of a batch norm. */
    NORM_BACKWARD(Unit.SAMPLE, Phase.BACKWARD),
    /** Gradients of a layer norm. */
    LAYER_NORM_BACKWARD(Unit.SAMPLE, Phase.BACKWARD),
    /** Transposes the input of a dense layer. */
    TRANSPOSE(Unit.BATCH, Phase.FORWARD),
    /** A dense layer. */
    DENSE(Unit.BATCH, Phase.FORWARD),
    /** Sums of a dense layer over one slice of its inputs. */
    DENSE_SLICE(Unit.BATCH, Phase.FORWARD),
    /** Adds the sums of all slices. */
    DENSE_JOIN(Unit.BATCH, Phase.FORWARD),
    /** Transposes the gradient of a dense layer's output. */
    TRANSPOSE_BACKWARD(Unit.BATCH, Phase.BACKWARD),
    /** Gradients of a dense layer. */
    DENSE_BACKWARD(Unit.BATCH, Phase.BACKWARD),
    /** Mean and deviation of a batch norm from its sums. */
    NORM_STATISTICS(Unit.BATCH, Phase.FORWARD),
    /** Mean and deviation of a batch norm from the running statistics. */
    NORM_FROZEN(Unit.BATCH, Phase.FORWARD),
    /** Gradients of the parameters of a normalisation from their sums. */
    NORM_GRADIENT(Unit.BATCH, Phase.BACKWARD),
    /** Adds the filter gradients of all chunks. */
    JOIN_CONVOLUTION(Unit.BATCH, Phase.BACKWARD),
    /** Packs filters for the algorithm of a convolution. */
    PACK_FILTERS(Unit.BATCH, Phase.FORWARD),
    /** Packs filters for the algorithm of a convolution's gradients. */
    PACK_FILTERS_BACKWARD(Unit.BATCH, Phase.BACKWARD),
    /** Adds the loss of all chunks or samples. */
    JOIN_LOSS(Unit.BATCH, Phase.FORWARD),
    /** Updates weights by their gradients. */
    UPDATE(Unit.BATCH, Phase.UPDATE);

    /** The part of a step that an operator belongs to. */
    public enum Phase {
        /** From the input to the loss. */
        FORWARD,
        /** From the loss to the gradients. */
        BACKWARD,
        /** From the gradients to the weights. */
        UPDATE
    }

    private enum Unit {
        SAMPLE,
        BATCH
    }

    private final Unit unit;
    private final Phase phase;

    OpKind(Unit unit, Phase phase) {
        this.unit = unit;
        this.phase = phase;
    }

    /**
     * Whether it processes one sample at a time.
     *
     * @return false if it processes the whole batch
     */
    public boolean sample() {
        return unit == Unit.SAMPLE;
    }

    /**
     * The part of a step that it belongs to.
     *
     * @return forward, backward or update
     */
    public Phase phase() {
        return phase;
    }
}
