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
 * Splits the flat gradient into buckets that are all-reduced while the backward pass goes on. It finishes the last
 * layers first, so buckets are in order from the end of the array to its beginning.
 */
final class GradientBuckets {

    /** Floats per bucket: smaller messages cost more time than the overlap saves. */
    static final long FLOATS = 1L << 20;

    /**
     * A contiguous part of the gradient.
     *
     * @param afterOp index of the operator after which it is complete
     * @param first its first element
     * @param count its elements, 1 or more
     */
    record Bucket(int afterOp, long first, long count) {}

    private GradientBuckets() {}

    /** Buckets of at least {@code floats} elements, except the last, in the order in which they are complete. */
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
