package org.lamella.bench.peers.mxnet;

import ai.djl.mxnet.engine.MxNDManager;
import ai.djl.mxnet.engine.MxSymbolBlock;
import ai.djl.mxnet.engine.Symbol;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.Map;
import org.lamella.bench.peers.PeerTask;
import org.lamella.network.Network;

/** The whole network as one symbol, which MXNet plans once and then runs in one call. */
final class SymbolicModel implements MxnetModel {

    private final MxSymbolBlock loss;
    private final MxSymbolBlock probabilities;
    private final ParameterStore store;
    private final MxnetParameters parameters;

    SymbolicModel(PeerTask task, Network network, NDManager manager) {
        parameters = MxnetParameters.of(task, network, manager);
        store = new ParameterStore(manager, false);
        loss = block(
                manager,
                SymbolTranslation.loss(network),
                parameters.all(),
                List.of(Network.INPUT, SymbolTranslation.TARGETS));
        probabilities =
                block(manager, SymbolTranslation.probabilities(network), parameters.all(), List.of(Network.INPUT));
    }

    private static MxSymbolBlock block(
            NDManager manager, String json, Map<String, NDArray> arrays, List<String> inputs) {
        MxSymbolBlock block = new MxSymbolBlock(manager, Symbol.loadJson((MxNDManager) manager, json));
        block.setInputNames(inputs);
        for (Parameter p : block.getAllParameters()) {
            if (!inputs.contains(p.getName())) {
                p.setArray(arrays.get(p.getName()));
            }
        }
        return block;
    }

    @Override
    public NDArray loss(NDArray x, NDArray t) {
        return loss.forward(store, new NDList(x, t), true).singletonOrThrow();
    }

    @Override
    public NDArray probabilities(NDArray x) {
        return probabilities.forward(store, new NDList(x), false).singletonOrThrow();
    }

    @Override
    public Map<String, NDArray> parameters() {
        return parameters.learned();
    }
}
