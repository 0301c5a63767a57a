package org.lamella.model;

import org.jspecify.annotations.Nullable;
import org.lamella.data.batches.InputFormat;
import org.lamella.device.Device;
import org.lamella.device.HostBuffers;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.Weights;
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
    static Lane of(Device device, Plan plan, Weights weights, InputFormat format) {
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
