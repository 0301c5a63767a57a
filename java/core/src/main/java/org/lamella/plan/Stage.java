package org.lamella.plan;

/**
 * Consecutive operators between two barriers.
 *
 * @param schedule how its work is cut into units
 * @param first index of its first operator
 * @param count number of operators
 * @param group number of samples that an operator processes before the next one starts, 1 or more
 */
public record Stage(Schedule schedule, int first, int count, int group) {
    /** How the work of a stage is cut into units: by shape, never by the number of threads. */
    public enum Schedule {
        /** A unit is one group of samples; it passes through all operators. */
        SAMPLE,
        /** A unit is one chunk: a fixed range of samples that shares partial sums. */
        CHUNK,
        /** The stage is one batch operator; it defines its units. */
        UNIT
    }
}
