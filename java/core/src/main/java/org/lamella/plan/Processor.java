package org.lamella.plan;

/** The kind of device: it decides which operators a plan has and how their work is partitioned. */
public enum Processor {
    /** A thread runs samples through a whole stage; weights are packed for SIMD; sums are per chunk of the batch. */
    CPU,
    /** Operators run over the whole batch, all maps are in the arena; sums are per slice, to have enough blocks. */
    GPU
}
