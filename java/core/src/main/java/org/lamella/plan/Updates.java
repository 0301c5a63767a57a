package org.lamella.plan;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Parameter;

/** Writes the updates of weights: as operators of their own, or for the operators that make the gradients. */
final class Updates {

    private final LoweringContext context;
    private final Set<String> inPlace = new HashSet<>();

    Updates(LoweringContext context) {
        this.context = context;
    }

    /** The update of a parameter where its gradient is made, which is then never stored; null if it comes later. */
    @Nullable
    UpdateWork inPlace(Parameter p) {
        if (context.options.mode() != PlanOptions.Mode.TRAINING || !context.options.fuse()) {
            return null;
        }
        inPlace.add(p.name());
        return work(p, p.count());
    }

    /** Writes all updates that are not made in place. Neighbours of one kind share an operator: fewer barriers. */
    void write() {
        Parameter first = null;
        long count = 0;
        for (Parameter p : context.network.parameters()) {
            if (inPlace.contains(p.name())) {
                continue;
            }
            if (first != null && decays(first) == decays(p) && first.offset() + count == p.offset()) {
                count += p.count();
                continue;
            }
            write(first, count);
            first = p;
            count = p.count();
        }
        write(first, count);
    }

    /** Of {@code count} values from a parameter's first one on; null for none. */
    private void write(@Nullable Parameter first, long count) {
        if (first != null) {
            Op op = new Op(OpKind.UPDATE, first.name(), work(first, count))
                    .with(Slot.WEIGHT, context.at(first, Tensor.Space.PARAMETERS))
                    .with(Slot.DWEIGHT, context.at(first, Tensor.Space.GRADIENTS));
            context.ops.add(withMoments(op, first));
        }
    }

    private UpdateWork work(Parameter first, long count) {
        return new UpdateWork(rule(), decays(first), count);
    }

    /** The optimizer; only training has updates. */
    private OptimizerConfig rule() {
        return Objects.requireNonNull(context.options.rule());
    }

    private static boolean decays(Parameter p) {
        return p.role() == Parameter.Role.WEIGHT;
    }

    /** An operator with the optimizer's state of a parameter. */
    Op withMoments(Op op, Parameter p) {
        int moments = rule().moments();
        return op.with(Slot.MOMENT1, moments > 0 ? context.at(p, Tensor.Space.FIRST_MOMENTS) : null)
                .with(Slot.MOMENT2, moments > 1 ? context.at(p, Tensor.Space.SECOND_MOMENTS) : null);
    }
}
