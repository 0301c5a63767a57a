package org.lamella.cuda;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lamella.network.Parameter;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;
import org.lamella.plan.Plan;
import org.lamella.plan.Slot;

/**
 * Cuts the flat gradient into runs that travel between GPUs while the backward pass goes on: it finishes the last
 * layers first, so the runs go from the end of the array to its beginning.
 */
final class GradientBuckets {

    /** Smaller messages cost more than they hide. */
    static final long FLOATS = 1L << 20;

    /**
     * A run of gradients.
     *
     * @param afterOp index of the operator after which it is whole
     * @param first its first element
     * @param count its elements, 1 or more
     */
    record Bucket(int afterOp, long first, long count) {}

    private GradientBuckets() {}

    /** Buckets of at least {@code floats} elements, but for the last, in the order in which they are whole. */
    static List<Bucket> of(Plan plan, long floats) {
        List<Parameter> parameters = new ArrayList<>(plan.network().parameters());
        parameters.sort(Comparator.comparingLong(Parameter::offset));
        Set<Long> whole = new HashSet<>();
        List<Bucket> buckets = new ArrayList<>();
        int next = parameters.size() - 1;
        long end = plan.network().parameterCount();
        long begin = end;
        for (int i = 0; i < plan.ops().size(); i++) {
            Op op = plan.ops().get(i);
            if (op.kind() != OpKind.UPDATE) {
                add(op, Slot.DWEIGHT, whole);
                add(op, Slot.DBIAS, whole);
            }
            while (next >= 0 && whole.contains(parameters.get(next).offset())) {
                begin = parameters.get(next--).offset();
            }
            if (begin < end && (end - begin >= floats || next < 0)) {
                buckets.add(new Bucket(i, begin, end - begin));
                end = begin;
            }
        }
        return buckets;
    }

    private static void add(Op op, Slot slot, Set<Long> whole) {
        Op.Operand operand = op.operands().get(slot);
        if (operand != null) {
            whole.add((operand.tensor().offset() + operand.shift()) / Float.BYTES);
        }
    }
}
