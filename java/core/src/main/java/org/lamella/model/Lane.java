package org.lamella.model;

import org.jspecify.annotations.Nullable;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.HostBuffers;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.Weights;
import org.lamella.data.InputFormat;
import org.lamella.data.batches.BatchInference;
import org.lamella.plan.Plan;

/**
 * A program of a predictor with its buffers, for one caller at a time.
 *
 * @param program of the predictor's plan
 * @param memory of the buffers
 * @param inference runs rows through the program
 */
record Lane(Program program, HostBuffers memory, BatchInference inference) implements AutoCloseable {

    /** A program of this plan with these weights. */
    static Lane of(ComputeDevice device, Plan plan, Weights weights, InputFormat format) {
        HostBuffers memory = device.hostBuffers();
        @Nullable Program program = null;
        try {
            program = device.compile(plan, weights, ProgramSettings.DEFAULTS);
            return new Lane(program, memory, new BatchInference(program, format, memory));
        } catch (RuntimeException e) {
            if (program != null) {
                program.close();
            }
            memory.close();
            throw e;
        }
    }

    @Override
    public void close() {
        program.close();
        memory.close();
    }
}
