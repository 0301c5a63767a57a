package org.lamella.bench.quality;

/**
 * A run that is complete.
 *
 * @param state rows, seconds, program
 * @param result metrics
 * @param earlier whether an earlier call did it
 */
public record FinishedRun(RunState state, RunResult result, boolean earlier) {}
