package org.lamella.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
        return new UpdateWork(rule(), List.of(new UpdateWork.Run(decays(p), p.count())));
    }

    /**
     * Writes all updates that are not fused. On the CPU adjacent parameters with the same decay share an operator, to
     * save barriers; on a GPU all adjacent parameters do, to save launches.
     */
    void write() {
        Parameter first = null;
        List<UpdateWork.Run> runs = new ArrayList<>();
        long end = 0;
        for (Parameter p : context.network.parameters()) {
            if (fused.contains(p.name())) {
                continue;
            }
            boolean adjacent = first != null && end == p.offset();
            boolean same = adjacent && runs.get(runs.size() - 1).decays() == decays(p);
            if (!adjacent || (!same && !context.gpu())) {
                write(first, runs);
                first = p;
                runs.clear();
            }
            long before = same ? runs.remove(runs.size() - 1).parameters() : 0;
            runs.add(new UpdateWork.Run(decays(p), before + p.count()));
            end = p.offset() + p.count();
        }
        write(first, runs);
    }

    /** Writes the update of some runs, which start with the first value of a parameter; none if null. */
    private void write(@Nullable Parameter first, List<UpdateWork.Run> runs) {
        if (first != null) {
            Op op = new Op(OpKind.UPDATE, context.gpu() ? "weights" : first.name(), new UpdateWork(rule(), runs))
                    .with(Slot.WEIGHT, context.at(first, Tensor.Space.PARAMETERS))
                    .with(Slot.DWEIGHT, context.at(first, Tensor.Space.GRADIENTS));
            context.ops.add(withMoments(op, first));
        }
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
