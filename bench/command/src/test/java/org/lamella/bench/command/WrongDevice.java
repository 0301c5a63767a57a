package org.lamella.bench.command;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.DeviceProvider;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.Weights;
import org.lamella.bench.check.ForwardingDevice;
import org.lamella.cpu.CpuDevice;
import org.lamella.device.Kernels;
import org.lamella.finding.Phrase;
import org.lamella.plan.Plan;

/**
 * The CPU with a planted fault behind every step: what a check must find. {@code --device wrong:output}, or gradients
 * or weights.
 */
final class WrongDevice extends ForwardingDevice {

    private static final float FAULT = 0.01f;
    private final String fault;

    private WrongDevice(ComputeDevice right, String fault) {
        super(right);
        this.fault = fault;
    }

    /** Found by the service loader of tests; {@code auto} does not see it. */
    public static final class Provider implements DeviceProvider {

        @Override
        public String name() {
            return "wrong";
        }

        @Override
        public List<ComputeDevice> devices() {
            return List.of();
        }

        @Override
        public ComputeDevice choose(String which) {
            return new WrongDevice(new CpuDevice(), which);
        }

        @Override
        public List<Phrase> report() {
            return List.of();
        }
    }

    @Override
    public String name() {
        return "wrong:" + fault;
    }

    @Override
    public String description() {
        return "planted";
    }

    @Override
    public ComputeDevice with(Kernels kernels) {
        return new WrongDevice(target().with(kernels), fault);
    }

    @Override
    public ComputeDevice withThreads(int threads) {
        return new WrongDevice(target().withThreads(threads), fault);
    }

    @Override
    public Program compile(Plan plan, Weights weights, ProgramSettings settings) {
        Program program = super.compile(plan, weights, settings);
        return (Program) Proxy.newProxyInstance(
                Program.class.getClassLoader(), new Class<?>[] {Program.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(program, arguments);
                        if (method.getName().equals("step")) {
                            spoil((StepInput) arguments[0], weights);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void spoil(StepInput step, Weights weights) {
        switch (fault) {
            case "output" -> {
                if (step.output() != null) {
                    step.output().put(0, step.output().get(0) + FAULT);
                }
            }
            case "gradients" -> spoil(weights, Weights.Kind.GRADIENTS);
            default -> spoil(weights, Weights.Kind.PARAMETERS);
        }
    }

    private static void spoil(Weights weights, Weights.Kind kind) {
        if (weights.count(kind) > 0) {
            float[] values = weights.read(kind);
            values[0] += FAULT;
            weights.write(kind, 0, values);
        }
    }
}
