package org.lamella.plan;

import static org.lamella.plan.LoweringContext.FLOAT;
import static org.lamella.plan.LoweringContext.elements;

import java.util.List;
import org.lamella.network.Network;

/** Turns a network into operators: fuses layers, writes the forward pass, the loss, the backward pass, the updates. */
final class Lowering {

    private final LoweringContext context;
    private final Op.Operand output;

    Lowering(Network network, PlanOptions options, Processor processor) {
        this.context = new LoweringContext(network, options, processor);
        String target = options.target() == null ? network.output().name() : options.target();
        this.output = new Op.Operand(
                Tensor.fixed(
                        "output", Tensor.Space.OUTPUT, 0, network.shape(target).elements() * FLOAT),
                0);
    }

    Plan plan() {
        PlanOptions options = context.options;
        List<Op> ops = context.ops;
        boolean gpu = context.processor == Processor.GPU;
        BackwardLowering backward = gpu ? new GpuBackwardLowering(context) : new BackwardLowering(context);
        (gpu ? new GpuForwardLowering(context) : new ForwardLowering(context)).run();
        Op.Operand last = context.value(
                context.groups.get(context.groups.size() - 1).tail().name());
        switch (options.mode()) {
            case PROBABILITIES ->
                ops.add(elements(OpKind.PROBABILITY, "probabilities", context.network.outputs())
                        .with(Slot.X, last)
                        .with(Slot.Y, output));
            case TRAINING -> backward.loss(last);
            default ->
                ops.add(elements(OpKind.COPY, "output", (int) (output.tensor().stride() / FLOAT))
                        .with(Slot.X, last)
                        .with(Slot.Y, output));
        }
        Tensor inputGradient = options.backward() ? backward.run() : null;
        if (options.mode() == PlanOptions.Mode.TRAINING) {
            backward.updates();
        }
        ops.addAll(0, context.prologue);
        Staging staging = new Staging(ops, context.batch, context.chunk, context.processor);
        List<Stage> stages = staging.stages();
        MemoryPlanner.Result memory = staging.place(context.tensors);
        return new Plan(
                context.network,
                options,
                context.processor,
                ops,
                stages,
                context.tensors,
                memory,
                inputGradient,
                context.chunk);
    }
}
