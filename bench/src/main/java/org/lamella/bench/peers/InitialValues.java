package org.lamella.bench.peers;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.lamella.network.Network;
import org.lamella.network.Parameter;

/** The common initial values, parameter by parameter. */
public final class InitialValues {

    private InitialValues() {}

    /**
     * Goes over all learned parameters, then over all running statistics.
     *
     * @param task determines the values
     * @param network has the parameters
     * @param receiver takes each parameter with its values, a copy
     */
    public static void each(PeerTask task, Network network, BiConsumer<Parameter, float[]> receiver) {
        float[] all = task.parameters(network);
        for (Parameter p : network.parameters()) {
            receiver.accept(p, Arrays.copyOfRange(all, (int) p.offset(), (int) (p.offset() + p.count())));
        }
        for (Parameter p : network.statistics()) {
            float[] values = new float[(int) p.count()];
            Arrays.fill(values, p.role() == Parameter.Role.RUNNING_VARIANCE ? 1 : 0);
            receiver.accept(p, values);
        }
    }
}
