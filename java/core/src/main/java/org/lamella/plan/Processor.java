package org.lamella.plan;

/** What kind of device a plan is for: it decides which operators there are and how they are cut. */
public enum Processor {
    /** Threads that carry samples through stages; weights packed for vectors; sums by chunks of the batch. */
    CPU,
    /** Every operator over the whole batch, every map in the arena; sums by slices that keep many blocks busy. */
    GPU
}
