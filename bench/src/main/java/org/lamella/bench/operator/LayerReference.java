package org.lamella.bench.operator;

import org.lamella.network.Node;

/**
 * The definition of a layer in double precision, as its formula reads: no tiles, no fusion, nothing shared with the
 * engine. Arrays are samples x elements.
 */
interface LayerReference {

    /**
     * Computes the layer's values.
     *
     * @param net what the layer reads: {@link ReferenceNetwork#input}, {@link ReferenceNetwork#parameters}
     * @param node the layer
     * @param y takes its values; zeros
     */
    void forward(ReferenceNetwork net, Node node, double[] y);

    /**
     * Adds to the gradients of what the layer reads: {@link ReferenceNetwork#inputGradient(Node)} and
     * {@link ReferenceNetwork#parameterGradients()}.
     *
     * @param net what the layer reads
     * @param node the layer
     * @param dy gradient of its values
     */
    void backward(ReferenceNetwork net, Node node, double[] dy);
}
