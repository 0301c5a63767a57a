package org.lamella.plan;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Parameter;
import org.lamella.optimization.OptimizerConfig;

/** Writes the updates of weights: as separate operators, or fused into the operators that compute the gradients. */
final class Updates {

    private final LoweringContext context;
    private final Set<String> fused = new HashSet<>();

    Updates(LoweringContext context) {
        this.context = context;
    }

    /** The fused update of a parameter, whose gradient is then not stored; null if the update is separate. */
    @Nullable
    UpdateWork fused(Parameter p) {
        if (context.options.mode() != PlanOptions.Mode.TRAINING || !context.options.fuse()) {
            return null;
        }
        fused.add(p.name());
        return work(p, p.count());
    }

    /** Writes all updates that are not fused. Adjacent parameters with the same decay share one, to save barriers. */
    void write() {
        Parameter first = null;
        long count = 0;
        for (Parameter p : context.network.parameters()) {
            if (fused.contains(p.name())) {
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

    /** Writes the update of {@code count} values, starting with the first value of a parameter; none if null. */
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
