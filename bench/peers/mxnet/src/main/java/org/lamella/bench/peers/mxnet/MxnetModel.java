package org.lamella.bench.peers.mxnet;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** A network in MXNet. */
interface MxnetModel {

    /** Mean cross-entropy of a batch's logits and targets, in training. */
    NDArray loss(NDArray x, NDArray t);

    /** Probabilities of all labels. */
    NDArray probabilities(NDArray x);

    /** The parameters that the optimizer updates, by name. */
    Map<String, NDArray> parameters();
}
