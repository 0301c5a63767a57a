package org.lamella.cuda.operator;

import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** Turns an operator into launches: one subclass per family of operators. */
abstract class FamilyLaunches {

    private final Op op;
    private final Launches launches;

    FamilyLaunches(Launches launches, Op op) {
        this.launches = launches;
        this.op = op;
    }

    /** Adds the launches on a GPU that has samples. */
    abstract void busy();

    /** Adds the launches on a GPU without samples, which must contribute zero to the all-reduced sums. */
    void idle() {}

    final Op op() {
        return op;
    }

    final Launches launches() {
        return launches;
    }

    final int samples() {
        return launches.samples();
    }

    /** The address of an operand; 0 if the operator does not have it. */
    final long address(Slot operand) {
        return launches.address(op, operand);
    }

    /** Floats from one sample of an operand to the next. */
    final int stride(Slot operand) {
        return Replica.stride(op, operand);
    }

    /** 1 if the result is added to the output instead of stored, else 0. */
    final int accumulate() {
        return op.accumulate() ? 1 : 0;
    }

    /** The exception for a kind of operator that plans for GPUs do not contain. */
    final IllegalStateException unknown() {
        return new IllegalStateException("no GPU operator: " + op);
    }
}
