package org.lamella.cuda.operator;

import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.Arguments;

/**
 * What the first launch of an operator records when it begins, a {@link KernelStructure#MARK}.
 *
 * @param place address of pinned memory; 0 if nothing is recorded
 * @param op index of the operator in its plan
 */
public record Mark(long place, int op) {

    /** Of all launches but the first. */
    static final Mark NONE = new Mark(0, 0);

    Arguments to(Arguments arguments) {
        return arguments.structure(KernelStructure.MARK, place, op, 0);
    }
}
