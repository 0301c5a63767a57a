package org.lamella.plan;

import static org.lamella.plan.LoweringContext.FLOAT;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Network;

/**
 * Turns a network into operators: groups of layers forward, the loss, groups backward, the updates. What a layer
 * becomes is in its own {@link LayerLowering}.
 */
final class Lowering {

    /** Bytes that a sample's loss and counts take on a GPU: one double, five longs. */
    private static final long TALLY = Double.BYTES + 5L * Long.BYTES;

    private final LoweringContext context;
    private final Op.Operand output;

    Lowering(Network network, PlanOptions options, DeviceTraits traits) {
        this.context = new LoweringContext(network, options, traits);
        String target = options.target() == null ? network.output().name() : options.target();
        this.output = new Op.Operand(
                Tensor.fixed(
                        "output", Tensor.Space.OUTPUT, 0, network.shape(target).elements() * FLOAT),
                0);
    }

    Plan plan() {
        PlanOptions options = context.options;
        List<LayerLowering> lowerings = context.lowerings;
        if (!options.backward()) {
            lowerings.forEach(LayerLowering::prepare);
        }
        lowerings.forEach(LayerLowering::forward);
        String last = lowerings.get(lowerings.size() - 1).tail();
        end(Objects.requireNonNull(context.value(last), last));
        Tensor inputGradient = options.backward() ? backward() : null;
        if (options.mode() == PlanOptions.Mode.TRAINING) {
            context.updates.write();
        }
        context.ops.addAll(0, context.prologue);
        Staging staging = new Staging(context.ops, context.batch, context.chunk, context.traits.processor());
        List<Stage> stages = staging.stages();
        MemoryPlanner.Result memory = staging.place(context.tensors);
        return new Plan(
                context.network,
                options,
                context.traits,
                context.ops,
                stages,
                context.tensors,
                memory,
                inputGradient,
                context.chunk);
    }

    /** What is made of the last layer's values. */
    private void end(Op.Operand last) {
        switch (context.options.mode()) {
            case PROBABILITIES -> putOut(OpKind.PROBABILITY, "probabilities", last);
            case TRAINING -> loss(last);
            case VALUES, GRADIENTS -> putOut(OpKind.COPY, "output", last);
        }
    }

    private void putOut(OpKind kind, String name, Op.Operand last) {
        int elements = (int) (output.tensor().stride() / FLOAT);
        context.ops.add(new Op(kind, name, new ElementsWork(elements))
                .with(Slot.X, last)
                .with(Slot.Y, output));
    }

    /** The loss and its gradient with respect to the logits. */
    private void loss(Op.Operand logits) {
        Network network = context.network;
        Tensor partial = context.gpu()
                ? context.planned("loss of samples", TALLY, context.batch)
                : context.planned("loss of chunks", MemoryPlanner.ALIGNMENT, context.chunks());
        Tensor gradient = context.sampleTensor("gradient of " + logits.tensor().name(), network.outputs());
        context.setGradient(network.output().name(), new Op.Operand(gradient, 0));
        Work work = new LossWork(context.options.loss(), network.outputs());
        context.ops.add(new Op(OpKind.LOSS, "loss", work)
                .with(Slot.X, logits)
                .with(Slot.DX, gradient)
                .with(Slot.PARTIAL, partial));
        context.epilogue.add(new Op(OpKind.JOIN_LOSS, "loss", work).with(Slot.PARTIAL, partial));
    }

    /** All gradients; the one of the input is returned if it is wanted, else null. */
    private @Nullable Tensor backward() {
        Network network = context.network;
        if (context.options.mode() == PlanOptions.Mode.GRADIENTS) {
            Tensor given = Tensor.fixed("gradient of the output", Tensor.Space.TARGET, 0, network.outputs() * FLOAT);
            context.setGradient(network.output().name(), new Op.Operand(given, 0));
        }
        for (int i = context.lowerings.size() - 1; i >= 0; i--) {
            LayerLowering lowering = context.lowerings.get(i);
            Op.Operand dy = context.gradient(lowering.tail());
            if (dy != null) {
                lowering.backward(dy);
            }
        }
        context.ops.addAll(context.epilogue);
        Op.Operand input = context.gradient(Network.INPUT);
        if (input == null) {
            return null;
        }
        input.tensor().keep();
        return input.tensor();
    }
}
