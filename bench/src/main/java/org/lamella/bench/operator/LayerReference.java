package org.lamella.bench.operator;

import java.util.function.IntToDoubleFunction;
import org.lamella.network.Node;

/**
 * The definition of a layer in double precision, as its formula reads: no tiles, no fusion, no code shared with the
 * engine. Arrays are samples x elements.
 */
interface LayerReference {

    /**
     * Defines the layer's values.
     *
     * @param net gives the layer's inputs and parameters: {@link ReferenceNetwork#input},
     *     {@link ReferenceNetwork#parameters}
     * @param node the layer
     * @return the value at an index of the flat array of the layer's values
     */
    IntToDoubleFunction forward(ReferenceNetwork net, Node node);

    /**
     * Adds to the gradients of the layer's inputs and parameters, {@link ReferenceNetwork#inputGradient(Node)} and
     * {@link ReferenceNetwork#parameterGradients()}.
     *
     * @param net gives the layer's inputs and parameters
     * @param node the layer
     * @param dy gradient of its values
     */
    void backward(ReferenceNetwork net, Node node, double[] dy);
}
