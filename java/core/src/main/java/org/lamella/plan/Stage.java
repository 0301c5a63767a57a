package org.lamella.plan;

/**
 * A run of operators between two barriers.
 *
 * @param schedule how its units are cut
 * @param first index of its first operator
 * @param count number of operators
 * @param group samples that go through each operator together before the next one begins, 1 or more
 */
public record Stage(Schedule schedule, int first, int count, int group) {
    /** How the units of a stage are cut: by the problem's shape, never by the number of threads. */
    public enum Schedule {
        /** A unit is one group of samples, carried through all operators. */
        SAMPLE,
        /** A unit is a fixed run of samples that shares partial sums. */
        CHUNK,
        /** One batch operator, cut by its own shape. */
        UNIT
    }
}
